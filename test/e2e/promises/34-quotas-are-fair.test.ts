import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { V1Job } from '@kubernetes/client-node';
import type { CodeExecutionRequest } from '../../../src/api/parse.ts';
import { eventually } from '../../support/eventually.ts';
import { sandboxJobs, restartController } from '../support/installation.ts';
import { items, kubectl, must } from '../support/kubectl.ts';
import { newTenant } from '../support/tenant.ts';
import type { Tenant } from '../support/tenant.ts';

jest.setTimeout(240_000);

const NAME = `promise-34-${process.pid}`;
const SLOW = { code: 'import time\ntime.sleep(6)\n' };
const MOST = 2;

let first: Tenant;
let second: Tenant;
beforeAll(async () => {
  [first, second] = await Promise.all([newTenant('quota-one'), newTenant('quota-two')]);
  await must(['create', '-f', '-'], {
    apiVersion: 'sekisho.dev/v1alpha1',
    kind: 'ExecutionQuota',
    metadata: { name: NAME },
    spec: {
      namespaceSelector: {
        matchExpressions: [
          { key: 'kubernetes.io/metadata.name', operator: 'In', values: [first.namespace, second.namespace] },
        ],
      },
      namespace: { running: MOST },
    },
  });
});
afterAll(async () => {
  await kubectl(['delete', 'executionquota', NAME, '--ignore-not-found']);
  await Promise.all([first, second].map((tenant) => tenant.end()));
});

const requestsOf = ({ namespace }: Tenant) => items<CodeExecutionRequest>(['-n', namespace, 'get', 'cer']);
const succeeded = (request: CodeExecutionRequest) =>
  request.status?.conditions?.find(({ type }) => type === 'Succeeded');

/** The most runs at one time, from the times of their programs, which the kubelet tells in whole seconds. */
function mostAtOnce(requests: readonly CodeExecutionRequest[]): number {
  const ends = requests.flatMap(({ status }) => {
    const { startedAt = '', finishedAt = '' } = status.result ?? {};
    return [
      { at: Date.parse(startedAt), change: 1 },
      { at: Date.parse(finishedAt), change: -1 },
    ];
  });
  let now = 0;
  let most = 0;
  for (const { change } of ends.toSorted((a, b) => a.at - b.at || a.change - b.change)) {
    now += change;
    most = Math.max(most, now);
  }
  return most;
}

const active = (jobs: readonly V1Job[]) =>
  jobs.filter(
    ({ status }) =>
      !status?.conditions?.some(({ type, status: is }) => is === 'True' && /Complete|Failed/.test(type)),
  );

const waitingOf = (tenant: Tenant, count: number) =>
  eventually(
    async () => {
      const waiting = (await requestsOf(tenant)).filter(({ status }) => status?.queuePosition !== undefined);
      return waiting.length === count && waiting;
    },
    { what: `${count} wait for a place`, timeoutMilliseconds: 60_000, intervalMilliseconds: 200 },
  );

describe('promise 34: quotas are fair', () => {
  test('over the limit of a namespace: Queued with a place, not failed; another tenant is served meanwhile; in the end all ran', async () => {
    for (let number = 0; number < 6; number += 1) await first.create(SLOW);
    const waiting = await waitingOf(first, 4);
    expect(waiting.map(({ status }) => status.state)).toEqual(Array(4).fill('Queued'));
    expect(new Set(waiting.map(({ status }) => status.queuePosition))).toEqual(new Set([1, 2, 3, 4]));
    expect(succeeded(waiting[0] as CodeExecutionRequest)).toMatchObject({
      status: 'Unknown',
      reason: 'Queued',
      message: expect.stringContaining(
        `ExecutionQuota "${NAME}" lets ${MOST} programs of the namespace run at one time`,
      ),
    });
    expect(active(await sandboxJobs(first.namespace)).length).toBeLessThanOrEqual(MOST);

    const other = await second.create();
    expect(await second.ended(other.metadata.name)).toMatchObject({ state: 'Succeeded' });
    expect((await requestsOf(first)).some(({ status }) => status?.state === 'Queued')).toBe(true);

    const names = (await requestsOf(first)).map(({ metadata }) => metadata.name);
    const ended = await Promise.all(names.map((name) => first.ended(name, 120_000)));
    expect(ended.map(({ state }) => state)).toEqual(Array(6).fill('Succeeded'));
    expect(ended.map(({ queuePosition }) => queuePosition)).toEqual(Array(6).fill(undefined));
    expect(mostAtOnce(await requestsOf(first))).toBeLessThanOrEqual(MOST);
  });

  test('a cancelled one gives its place in the line up; a restarted controller keeps to the limit', async () => {
    const made: CodeExecutionRequest[] = [];
    for (let number = 0; number < 4; number += 1)
      made.push(await second.create({ code: 'import time\ntime.sleep(15)\n' }));
    const [next] = (await waitingOf(second, 2)).filter(({ status }) => status.queuePosition === 1);
    const name = next?.metadata.name ?? '';
    await restartController();
    await second.cancel(name);
    expect(await second.ended(name)).toMatchObject({ state: 'Cancelled' });
    const others = made.map(({ metadata }) => metadata.name).filter((other) => other !== name);
    const ended = await Promise.all(others.map((other) => second.ended(other, 120_000)));
    expect(ended.map(({ state }) => state)).toEqual(Array(3).fill('Succeeded'));
    expect(mostAtOnce((await requestsOf(second)).filter(({ status }) => status.state === 'Succeeded'))).toBe(
      MOST,
    );
  });
});
