import { describe, expect, test } from '@jest/globals';
import type { V1Job, V1Pod } from '@kubernetes/client-node';
import { Gatherer, UnreadableRequest } from '../../src/controller/gather.ts';
import type { GatherPorts } from '../../src/controller/gather.ts';
import { slimRequest } from '../../src/controller/slim-request.ts';
import { StartLog } from '../../src/controller/starts.ts';
import type { CodeExecutionRequest, ExecutionRole } from '../../src/api/parse.ts';
import { runName } from '../../src/objects/names.ts';
import {
  aClass,
  anApproval,
  approvalJudgement,
  aReport,
  aRequest,
  aRole,
  NOW,
  PROVEN,
  TIME,
  UID,
} from '../support/build.ts';
import { jobOf } from '../objects/sandbox-job.ts';

const KEY = 'team-a/weekly';
const NAME = runName(UID);
const announced = aRequest({
  status: {
    conditions: [
      { type: 'Started', status: 'Unknown', lastTransitionTime: TIME, reason: 'Starting', message: '' },
    ],
  },
});
const ours = (status: object = {}): V1Job => ({ ...jobOf(aRequest()), status });
const aKubePod = (terminated: object): V1Pod =>
  ({
    metadata: { name: `${NAME}-x` },
    status: { phase: 'Succeeded', containerStatuses: [{ state: { terminated } }] },
  }) as V1Pod;

interface World {
  readonly request?: object | undefined;
  /** What the API server has, where the cache is behind. */
  readonly live?: CodeExecutionRequest;
  readonly job?: V1Job;
  readonly pod?: V1Pod;
  readonly livePod?: V1Pod;
  readonly approvals?: readonly object[];
  readonly quotas?: readonly object[];
  readonly role?: ExecutionRole;
  /** Everybody whose right to approve was asked. */
  readonly asked?: unknown[];
}

function aGatherer(world: World) {
  const { request = aRequest(), live, job, pod, livePod, role = aRole(), asked = [] } = world;
  const starts = new StartLog();
  const analysed: string[] = [];
  const calls: string[] = [];
  const ports = {
    requests: { get: () => request },
    approvals: { byIndex: (uid: string) => (uid === UID ? (world.approvals ?? []) : []) },
    jobs: { get: (key: string) => (key === `sandboxes/${NAME}` ? job : undefined) },
    pods: { byIndex: () => (pod ? [pod] : []) },
    judge: {
      facts: {
        synced: () => true,
        stale: () => false,
        role: async () => role,
        sandboxClass: async () => aClass(),
        pluginsServed: false,
        plugin: () => Promise.resolve(undefined),
        policies: () => [],
        namespaceLabels: async () => ({}),
      },
      holdsRole: async () => true,
      mayApprove: async (who: { username: string }) => {
        asked.push(who);
        return who.username === 'bob';
      },
      mayBreakGlass: async (who: { username: string }) => {
        asked.push({ emergency: who });
        return who.username === 'carol';
      },
      analyse: async ({ code }: { code: string }) => {
        analysed.push(code);
        return aReport();
      },
    },
    isolation: { of: () => PROVEN },
    starts,
    queue: { turnOf: (key: string) => ({ kind: key === KEY ? 'Granted' : 'NotAsked' }) },
    quotas: { list: () => world.quotas ?? [] },
    client: {
      get: async () => live ?? request,
      list: async () => ({ items: livePod ? [livePod] : [] }),
      podLog: async (_namespace: string, name: string) => {
        calls.push(`log of ${name}`);
        return Buffer.from('\nsekisho.dev/1 output\naGk=\n\n');
      },
    },
    sandboxNamespace: 'sandboxes',
  } as unknown as GatherPorts;
  return { gatherer: new Gatherer(ports), starts, analysed, calls };
}

describe('a Job of the predicted name', () => {
  test('that was never announced in status is not taken for ours, though its labels say so', async () => {
    const seen = await aGatherer({ job: ours() }).gatherer.gather(KEY);
    expect(seen?.run?.job.requestUid).toBeUndefined();
  });

  test('is ours when this process meant to create it', async () => {
    const { gatherer, starts } = aGatherer({ job: ours() });
    starts.intend(UID, NOW);
    expect((await gatherer.gather(KEY))?.run?.job.requestUid).toBe(UID);
  });

  test('is ours when status announced it', async () => {
    const seen = await aGatherer({ request: announced, job: ours() }).gatherer.gather(KEY);
    expect(seen?.run?.job.requestUid).toBe(UID);
  });

  test('is ours when the API server knows of the announcement and the cache does not', async () => {
    const seen = await aGatherer({ live: announced, job: ours() }).gatherer.gather(KEY);
    expect(seen?.run?.job.requestUid).toBe(UID);
  });

  test.each([
    ['the label of a probe', { 'sekisho.dev/component': 'probe' }],
    ['another manager', { 'app.kubernetes.io/managed-by': 'Helm' }],
    ['the uid of another request', { 'sekisho.dev/request-uid': 'other' }],
  ])('with %s is not ours even when one was announced', async (_title, labels) => {
    const job = ours();
    const foreign = { ...job, metadata: { ...job.metadata, labels: { ...job.metadata?.labels, ...labels } } };
    const seen = await aGatherer({ request: announced, job: foreign }).gatherer.gather(KEY);
    expect(seen?.run).toBeDefined();
    expect(seen?.run?.job.requestUid).toBeUndefined();
  });
});

describe('a request whose program the cache does not hold', () => {
  const whole = aRequest({ spec: { code: `print(${'1'.repeat(9000)})`, stdin: 'typed', args: ['a'] } });
  const request = slimRequest(whole);

  test('is read whole to be judged and started, and all but its program is as the cache has it', async () => {
    const live = { ...whole, status: { state: 'Running' as const } };
    const { gatherer, analysed } = aGatherer({ request, live });
    const seen = await gatherer.gather(KEY);
    expect(seen?.request.spec).toEqual(whole.spec);
    expect(seen?.request.status).toEqual({});
    expect(analysed).toEqual([whole.spec.code]);
  });

  test('is not there when it is gone, or another has its name', async () => {
    const other = { ...whole, metadata: { ...whole.metadata, uid: 'other' } };
    expect(await aGatherer({ request, live: other }).gatherer.gather(KEY)).toBeUndefined();
  });

  test('is not read once its verdict stands and it runs', async () => {
    const { verdict } = approvalJudgement();
    const running = slimRequest({ ...whole, status: { ...announced.status, verdict } });
    const { gatherer } = aGatherer({ request: running, live: whole, job: ours() });
    expect((await gatherer.gather(KEY))?.request.spec.code).toBe(' ');
  });
});

describe('what is gathered', () => {
  test('of a new request is a judgement, the isolation and no run', async () => {
    expect(await aGatherer({}).gatherer.gather(KEY)).toMatchObject({
      judgement: { verdict: { decision: 'Allow' } },
      isolation: PROVEN,
      run: undefined,
      start: 'None',
    });
  });

  test('is the quota of its namespace, and its turn; a quota that cannot be read lets nothing start', async () => {
    const quota = { metadata: { name: 'q' }, spec: { namespace: { running: 2 } } };
    expect(await aGatherer({ quotas: [quota] }).gatherer.gather(KEY)).toMatchObject({
      quota: { namespace: { running: { most: 2, quota: 'q' } } },
      turn: { kind: 'Granted' },
    });
    const unreadable = { metadata: { name: 'q' }, spec: { namespace: { running: 'many' } } };
    await expect(aGatherer({ quotas: [unreadable] }).gatherer.gather(KEY)).rejects.toThrow(
      'spec.namespace.running',
    );
  });

  test('of a finished request is nothing that costs anything', async () => {
    const request = aRequest({ status: { result: { reason: 'Completed' } } });
    const { gatherer, analysed } = aGatherer({ request, job: ours() });
    expect(await gatherer.gather(KEY)).toMatchObject({ judgement: undefined, run: undefined });
    expect(analysed).toEqual([]);
  });

  test('analyses a program once, until it is forgotten', async () => {
    const { gatherer, analysed } = aGatherer({});
    await gatherer.gather(KEY);
    await gatherer.gather(KEY);
    expect(analysed).toHaveLength(1);
    gatherer.forget(UID);
    await gatherer.gather(KEY);
    expect(analysed).toHaveLength(2);
  });

  test('of an ended Job is the pod as the API server has it, where the cache is behind', async () => {
    const job = ours({ conditions: [{ type: 'Complete', status: 'True' }] });
    const seen = await aGatherer({
      request: announced,
      job,
      livePod: aKubePod({ exitCode: 3 }),
    }).gatherer.gather(KEY);
    expect(seen?.run?.pod?.terminated?.exitCode).toBe(3);
  });

  test('includes the log only when the output stands there', async () => {
    const header = 'sekisho.dev/1 exit=0 deadline=0 stdout=2 stderr=0 ms=1';
    const gather = async (message: string) => {
      const { gatherer, calls } = aGatherer({
        request: announced,
        job: ours(),
        pod: aKubePod({ exitCode: 0, message }),
      });
      return { seen: await gatherer.gather(KEY), calls };
    };
    expect(await gather(`${header} in=message\naGk=\n\n`)).toMatchObject({
      seen: { run: { log: undefined } },
      calls: [],
    });
    const fetched = await gather(`${header} in=log\n`);
    expect(fetched.calls).toEqual([`log of ${NAME}-x`]);
    expect(fetched.seen?.run?.log).toContain('aGk=');
  });

  test('of a request that cannot be read is an error that names the fields', async () => {
    const { gatherer } = aGatherer({ request: { metadata: { name: 'weekly' }, spec: { language: 'Ruby' } } });
    await expect(gatherer.gather(KEY)).rejects.toThrow(UnreadableRequest);
    await expect(gatherer.gather(KEY)).rejects.toThrow(/spec\.language/);
  });
});

describe('what people decided', () => {
  const decision = (name: string, approver: object | undefined, metadata: object = {}) => ({
    ...anApproval({ approver }, { name, ...metadata }),
  });
  const asking = { role: aRole({ approvalActions: ['grant_admin'] }), actions: ['grant_admin'] };

  async function seenOf(approvals: readonly object[], role = asking.role) {
    const asked: unknown[] = [];
    const request = aRequest({ spec: { actions: asking.actions } });
    const { gatherer } = aGatherer({ request, approvals, role, asked });
    return { seen: await gatherer.gather(KEY), asked };
  }

  test('is read with the right of each person, who is asked about once', async () => {
    const bob = { username: 'bob' };
    const stored = [decision('a', bob), decision('b', bob), decision('c', { username: 'carol' })];
    const { seen, asked } = await seenOf(stored);
    expect(seen?.approvals.map(({ mayApprove }) => mayApprove)).toEqual([true, true, false]);
    expect(asked).toEqual([bob, { username: 'carol' }]);
  });

  test('in an emergency is read with that right alone', async () => {
    const inEmergency = { decision: 'BreakGlass', ticket: 'INC-1' };
    const [carol, bob] = [{ username: 'carol' }, { username: 'bob' }];
    const stored = [
      anApproval({ ...inEmergency, approver: carol }, { name: 'a' }),
      anApproval({ ...inEmergency, approver: bob }, { name: 'b' }),
      decision('c', carol),
    ];
    const { seen, asked } = await seenOf(stored);
    expect(seen?.approvals.map(({ mayApprove }) => mayApprove)).toEqual([true, false, false]);
    expect(asked).toEqual([{ emergency: carol }, { emergency: bob }, carol]);
  });

  test('in another namespace, without a stamp or unreadable counts for nothing', async () => {
    const stored = [
      decision('a', { username: 'bob' }, { namespace: 'team-b' }),
      decision('b', undefined),
      { metadata: { name: 'c' }, spec: { decision: 'Maybe' } },
    ];
    const { seen, asked } = await seenOf(stored);
    expect(seen?.approvals.map(({ mayApprove }) => mayApprove)).toEqual([false]);
    expect(asked).toEqual([]);
  });

  test('is not read where no approval is wanted', async () => {
    const { seen } = await seenOf(
      [decision('a', { username: 'bob' })],
      aRole({ allowedActions: ['grant_admin'] }),
    );
    expect(seen?.approvals).toEqual([]);
  });
});
