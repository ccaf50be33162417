import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { eventually } from '../../support/eventually.ts';
import { LOCAL_CLUSTER } from '../support/installation.ts';
import { processesWith } from '../support/processes.ts';
import { newTenant } from '../support/tenant.ts';
import type { Tenant } from '../support/tenant.ts';

jest.setTimeout(120_000);

/** Linux gives each such pod of Kubernetes a range of this many ids. */
const RANGE = 65_536;

let tenant: Tenant;
beforeAll(async () => {
  tenant = await newTenant('user-namespace', 'Audit');
});
afterAll(() => tenant.end());

const WAITS = `
import sys, time
print(open('/proc/self/uid_map').read())
sys.stdout.flush()
time.sleep(8)
`;

const onLocalCluster = LOCAL_CLUSTER === undefined ? describe.skip : describe;
onLocalCluster('promise 22: a user namespace is really used where available', () => {
  test('ids are mapped, to other ids for each of two sandboxes, and the node sees them so', async () => {
    const markers = [1, 2].map((number) => `promise-22-${process.pid}-${number}`);
    const requests = await Promise.all(
      markers.map((marker) => tenant.create({ code: WAITS, args: [marker] })),
    );
    const seenByNode = await eventually(
      () => {
        const uids = markers.map((marker) => {
          const [pid] = processesWith(marker, 'python3', 'main.py');
          return pid === undefined
            ? undefined
            : Number(/^Uid:\t(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
        });
        return uids.every((uid) => uid !== undefined) && uids;
      },
      { what: 'both programs run at one time', timeoutMilliseconds: 60_000 },
    );
    const statuses = await Promise.all(requests.map(({ metadata }) => tenant.ended(metadata.name)));
    const ranges = statuses.map(({ isolation, result }) => {
      expect(isolation?.userNamespace).toBe(true);
      const [inside, outside = 0, length] = (result?.stdout ?? '').trim().split(/\s+/).map(Number);
      expect([inside, length]).toEqual([0, RANGE]);
      return { first: outside, uid: isolation?.uid ?? 0 };
    });
    for (const { first } of ranges) expect(first).toBeGreaterThanOrEqual(RANGE);
    expect(ranges[0]?.first).not.toBe(ranges[1]?.first);
    expect(seenByNode).toEqual(ranges.map(({ first, uid }) => first + uid));
  });
});
