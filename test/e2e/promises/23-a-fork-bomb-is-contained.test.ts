import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { eventually } from '../../support/eventually.ts';
import { LOCAL_CLUSTER } from '../support/installation.ts';
import { processesWith } from '../support/processes.ts';
import { newTenant } from '../support/tenant.ts';
import type { Tenant } from '../support/tenant.ts';

jest.setTimeout(180_000);

/** limits.pids of the class. */
const PIDS = 64;
const DEADLINE = 15;

/** Goes on forking for ever, whatever the kernel says. */
const BOMB = `
import os
while True:
    try:
        os.fork()
    except OSError:
        pass
`;

let tenant: Tenant;
beforeAll(async () => {
  tenant = await newTenant('fork-bomb', 'Audit');
});
afterAll(() => tenant.end());

const onLocalCluster = LOCAL_CLUSTER === undefined ? describe.skip : describe;
onLocalCluster('promise 23: a fork bomb is contained', () => {
  test('it never has more processes than its class allows, a neighbour runs meanwhile, and nothing of it is left', async () => {
    const marker = `promise-23-${process.pid}`;
    const processes = () => processesWith(marker, 'python3', 'main.py').length;
    const bomb = await tenant.create({ code: BOMB, args: [marker], deadlineSeconds: DEADLINE });
    await eventually(() => processes() > PIDS / 2, {
      what: 'the bomb has gone off',
      timeoutMilliseconds: 60_000,
    });
    const neighbour = await tenant.create({ code: 'print(sum(range(1_000_000)))' });
    let most = 0;
    let besides = 0;
    await eventually(
      async () => {
        const now = processes();
        most = Math.max(most, now);
        if (now > 0 && (await tenant.get(neighbour.metadata.name)).status.state === 'Succeeded') besides += 1;
        return now === 0;
      },
      { what: 'every process of the bomb is gone', timeoutMilliseconds: 60_000, intervalMilliseconds: 100 },
    );
    expect(most).toBeGreaterThan(PIDS / 2);
    expect(most).toBeLessThanOrEqual(PIDS);
    expect(besides).toBeGreaterThan(0);
    expect((await tenant.ended(neighbour.metadata.name)).result).toMatchObject({
      reason: 'Completed',
      stdout: '499999500000\n',
    });
    // A supervisor that was starved of the CPU cannot say that it was the deadline.
    expect(['DeadlineExceeded', 'Error']).toContain((await tenant.ended(bomb.metadata.name)).result?.reason);
  });
});
