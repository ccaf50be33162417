import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { V1Lease } from '@kubernetes/client-node';
import { eventually } from '../../support/eventually.ts';
import { auditLines } from '../support/audit-lines.ts';
import { CONTROLLER, LOCAL_CLUSTER, podsOf, replicasOf, start, SYSTEM } from '../support/installation.ts';
import { read } from '../support/kubectl.ts';
import { controllers } from '../support/processes.ts';
import { newTenant } from '../support/tenant.ts';
import type { Tenant } from '../support/tenant.ts';

jest.setTimeout(240_000);

/** Verbs that change something. */
const WRITES = ['create', 'update', 'patch', 'delete', 'deletecollection'];

let tenant: Tenant;
let replicas = 1;

const leader = async (): Promise<string> =>
  (await read<V1Lease>(['-n', SYSTEM, 'get', 'lease', 'sekisho-controller'])).spec?.holderIdentity ?? '';

/** The process of the controller in a pod. */
function processOf(pod: string): number {
  const found = controllers().find((pid) =>
    readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`HOSTNAME=${pod}`),
  );
  if (found === undefined) throw new Error(`no process of ${pod}`);
  return found;
}

/** What a pod has written as the controller since a moment, leases apart: which it must ask for before it knows that it lost. */
const writesOf = async (address: string, since: number): Promise<readonly string[]> =>
  (await auditLines(`"${CONTROLLER}"`, `"${address}"`))
    .filter(({ stage, user, sourceIPs }) => {
      const its = user?.username === CONTROLLER && sourceIPs?.includes(address) === true;
      return stage === 'ResponseComplete' && its;
    })
    .filter(({ verb = '', requestReceivedTimestamp, objectRef, responseStatus }) => {
      const isWrite = WRITES.includes(verb) && objectRef?.resource !== 'leases';
      const done = (responseStatus?.code ?? 0) < 400;
      return isWrite && done && Date.parse(requestReceivedTimestamp) >= since;
    })
    .map(({ verb, objectRef }) => `${verb} ${objectRef?.resource}/${objectRef?.subresource ?? ''}`);

const onLocalCluster = LOCAL_CLUSTER === undefined ? describe.skip : describe;
onLocalCluster('promise 32: a leader that lost its lease writes nothing', () => {
  beforeAll(async () => {
    tenant = await newTenant('lost-lease', 'Audit');
    replicas = await replicasOf('controller');
    await start('controller', 2);
  });
  afterAll(async () => {
    await start('controller', replicas);
    await tenant.end();
  });

  test('it is stopped in the middle of its work for longer than its lease, and goes on', async () => {
    await tenant.ended((await tenant.create()).metadata.name, 90_000);
    const first = await leader();
    const pod = (await podsOf('controller')).find(({ metadata }) => metadata?.name === first);
    const address = pod?.status?.podIP ?? '';
    const pid = processOf(first);
    expect(await writesOf(address, 0)).toContain('create jobs/');

    const requests = await Promise.all(
      Array.from({ length: 8 }, () => tenant.create({ code: 'import time\ntime.sleep(2)' })),
    );
    process.kill(pid, 'SIGSTOP');
    let since: number;
    try {
      await eventually(async () => ![first, ''].includes(await leader()), {
        what: 'the other leads',
        timeoutMilliseconds: 60_000,
        intervalMilliseconds: 200,
      });
      since = Date.now();
      // The other has taken the work over before the first goes on.
      await tenant.ended((await tenant.create()).metadata.name, 60_000);
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    const statuses = await Promise.all(requests.map(({ metadata }) => tenant.ended(metadata.name, 90_000)));
    for (const { result } of statuses) expect(['Completed', 'Interrupted']).toContain(result?.reason);
    await eventually(() => !controllers().includes(pid), {
      what: 'the process of the first has ended by itself',
      timeoutMilliseconds: 60_000,
    });
    const written = await writesOf(address, since);
    expect(written).toEqual([]);
  });
});
