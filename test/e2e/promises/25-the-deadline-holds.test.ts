import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Result } from '../../../src/api/v1alpha1/code-execution-request.ts';
import { eventually } from '../../support/eventually.ts';
import { cluster, LOCAL_CLUSTER } from '../support/installation.ts';
import { processesWith } from '../support/processes.ts';
import { newTenant } from '../support/tenant.ts';
import type { Tenant } from '../support/tenant.ts';

jest.setTimeout(180_000);

const DEADLINE = 3;
const GRACE = 5;

let tenant: Tenant;
beforeAll(async () => {
  tenant = await newTenant('deadline', 'Audit');
});
afterAll(async () => {
  if (LOCAL_CLUSTER !== undefined) await cluster('start', 'kube-controller-manager');
  await tenant.end();
});

const STUBBORN = `
import signal
for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
while True:
    pass
`;
/** Each generation in a session of its own, so that no signal to a group reaches all. */
const FAMILY = `
import os, signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
for _ in range(3):
    if os.fork() == 0:
        os.setsid()
while True:
    pass
`;

let count = 0;
interface Seen {
  readonly seconds: number;
  readonly result: Result | undefined;
}

/** Runs a program that never ends, and measures on the node itself how long any process of it lives. */
async function lifeOf(
  code: string,
  whileRunning: () => Promise<unknown>,
  after: () => Promise<unknown>,
): Promise<Seen> {
  const marker = `promise-25-${process.pid}-${(count += 1)}`;
  const { metadata } = await tenant.create({ code, args: [marker], deadlineSeconds: DEADLINE });
  // The supervisor's own command line holds the marker too; the program's is the one that begins with python3.
  const alive = () => processesWith(marker, 'python3', 'main.py').length > 0;
  await eventually(alive, { what: 'the program runs', timeoutMilliseconds: 60_000 });
  const begin = performance.now();
  await whileRunning();
  try {
    await eventually(() => !alive(), { what: 'every process of it is gone', timeoutMilliseconds: 30_000 });
    const seconds = (performance.now() - begin) / 1000;
    await after();
    const { result } = await tenant.ended(metadata.name);
    return { seconds, result };
  } finally {
    await after();
  }
}

function expectEnded({ seconds, result }: Seen, reasons = ['DeadlineExceeded']) {
  expect(seconds).toBeGreaterThan(DEADLINE - 1);
  expect(seconds).toBeLessThan(DEADLINE + GRACE);
  expect(reasons).toContain(result?.reason);
}

const nothing = () => Promise.resolve();
const onLocalCluster = LOCAL_CLUSTER === undefined ? describe.skip : describe;
onLocalCluster(`promise 25: the deadline holds, ${GRACE} s at most`, () => {
  test('a busy loop that ignores every signal it can', async () => {
    expectEnded(await lifeOf(STUBBORN, nothing, nothing));
  });

  test('a family of processes in sessions of their own', async () => {
    // Eight busy processes can starve the supervisor of the CPU that it needs to tell why; dead they are all the same.
    expectEnded(await lifeOf(FAMILY, nothing, nothing), ['DeadlineExceeded', 'Error']);
  });

  test('with kube-controller-manager stopped', async () => {
    const stop = () => cluster('stop', 'kube-controller-manager');
    expectEnded(await lifeOf(STUBBORN, stop, () => cluster('start', 'kube-controller-manager')));
  });

  test('with the kubelet restarted meanwhile', async () => {
    expectEnded(await lifeOf(STUBBORN, () => cluster('restart', 'kubelet'), nothing));
  });
});
