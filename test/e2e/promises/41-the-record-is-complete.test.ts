import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { segmentData, segmentLines } from '../../../src/core/audit/segment.ts';
import { eventually } from '../../support/eventually.ts';
import { decideAs, newApprovalTenant } from '../support/approvals.ts';
import type { ApprovalTenant } from '../support/approvals.ts';
import { LOCAL_CLUSTER, SYSTEM } from '../support/installation.ts';
import { jobCreations } from '../support/job-creations.ts';
import { kubectl, must, read, run } from '../support/kubectl.ts';
import { newTenant } from '../support/tenant.ts';
import type { Tenant } from '../support/tenant.ts';

jest.setTimeout(180_000);

let tenant: Tenant;
let deciding: ApprovalTenant;
let begun: number;
const names: Record<string, string> = {};
beforeAll(async () => {
  begun = Date.now();
  [tenant, deciding] = await Promise.all([
    newTenant('record'),
    newApprovalTenant('record-approval', { approvers: 1 }),
  ]);
  const bob = await deciding.approver('bob');
  // What waits for the proof of a closed network has a record of that too.
  await tenant.ended((await tenant.create()).metadata.name);
  const allowed = await tenant.create();
  const denied = await tenant.create({ language: 'Bash', code: ':(){ :|:& };:' });
  const approved = await deciding.ask();
  const refused = await deciding.ask();
  await decideAs(bob, approved);
  await decideAs(bob, refused, { decision: 'Deny', reason: 'No.' });
  const cancelled = await tenant.create({ code: 'import time\ntime.sleep(19)\n' });
  await tenant.cancel(cancelled.metadata.name);
  Object.assign(names, {
    allowed: allowed.metadata.name,
    denied: denied.metadata.name,
    approved: approved.metadata.name,
    refused: refused.metadata.name,
    cancelled: cancelled.metadata.name,
  });
  for (const name of ['allowed', 'denied', 'cancelled']) await tenant.ended(names[name] ?? '');
  for (const name of ['approved', 'refused']) await deciding.ended(names[name] ?? '');
  await saved();
});
afterAll(async () => {
  await Promise.all([tenant, deciding].map((each) => each.end()));
});

interface Entry {
  readonly activity_name: string;
  readonly time: number;
  readonly actor: { readonly user: { readonly name: string } };
  readonly resources?: readonly { readonly namespace: string; readonly name: string; readonly uid: string }[];
  readonly metadata: { readonly sequence: number };
  readonly unmapped: {
    readonly job?: string;
    readonly verdict?: { readonly decision: string; readonly digest: string };
    readonly breakGlass?: object;
    readonly approvals?: readonly { readonly approver: string; readonly digest: string }[];
    readonly refusal?: { readonly reason: string };
    readonly result?: { readonly reason: string };
  };
}
interface Segment {
  readonly metadata: { readonly name: string; readonly labels: object };
  readonly data: Readonly<Record<string, string>>;
}

const segments = async (): Promise<readonly Segment[]> =>
  (await read<{ items: Segment[] }>(['-n', SYSTEM, 'get', 'configmaps', '-l', 'sekisho.dev/component=audit']))
    .items;
const linesOf: (segment: Segment) => readonly string[] = segmentLines;
const entries = async (): Promise<readonly Entry[]> =>
  (await segments()).flatMap(linesOf).map((line) => JSON.parse(line) as Entry);

/** Waits until the records of all requests here are saved in the cluster. */
const saved = () =>
  eventually(
    async () => {
      const all = await entries();
      const last = await Promise.all([
        ...['allowed', 'denied', 'cancelled'].map((name) => tenant.get(names[name] ?? '')),
        ...['approved', 'refused'].map((name) => deciding.get(names[name] ?? '')),
      ]);
      return last.every(({ status }) =>
        all.some(({ metadata }) => metadata.sequence === status.auditRecord?.sequence),
      );
    },
    { what: 'the records are saved', timeoutMilliseconds: 40_000, intervalMilliseconds: 500 },
  );

async function about(name: string): Promise<readonly Entry[]> {
  return (await entries()).filter(({ resources }) =>
    resources?.some((resource) => resource.name === names[name]),
  );
}
const verify = () => run(process.execPath, ['src/cli/main.ts', 'audit', 'verify', '--namespace', SYSTEM]);

/** Names of the Jobs of programs that the API server says it has created since the test began, and when it was asked. */
async function createdJobs(): Promise<ReadonlyMap<string, number>> {
  const ours = (await jobCreations()).filter(
    ({ name, code, at }) => code === 201 && at >= begun && name.startsWith('run-'),
  );
  return new Map(ours.map(({ name, at }) => [name, at]));
}

describe('promise 41: the record is complete', () => {
  test('each way to end has its records, with who, what and why', async () => {
    const activities = async (name: string) => (await about(name)).map(({ activity_name }) => activity_name);
    expect(await activities('allowed')).toEqual(['Start', 'End']);
    expect(await activities('denied')).toEqual(['Judge']);
    expect(await activities('approved')).toEqual(['Judge', 'Start', 'End']);
    expect(await activities('refused')).toEqual(['Judge', 'Refuse']);
    expect((await activities('cancelled')).at(-1)).toBe('End');
    const [, start] = await about('approved');
    const { status } = await deciding.get(names['approved'] ?? '');
    expect(start).toMatchObject({
      actor: { user: { name: deciding.user } },
      unmapped: {
        verdict: { decision: 'RequireApproval', digest: status.verdict?.digest },
        job: status.jobName,
      },
    });
    expect(start?.unmapped.approvals).toEqual([
      expect.objectContaining({ approver: expect.stringMatching(/^bob/), digest: status.verdict?.digest }),
    ]);
    expect((await about('refused')).at(-1)?.unmapped.refusal?.reason).toBe('ApprovalDenied');
    expect((await about('cancelled')).at(-1)?.unmapped.result?.reason).toBe('Cancelled');
  });

  (LOCAL_CLUSTER === undefined ? test.skip : test)(
    "each Job in the API server's own audit log was recorded before it was created, with its verdict and approvals",
    async () => {
      const jobs = await createdJobs();
      const starts = new Map(
        (await entries()).flatMap((entry) =>
          entry.activity_name === 'Start' && entry.unmapped.job ? [[entry.unmapped.job, entry] as const] : [],
        ),
      );
      expect(jobs.size).toBeGreaterThanOrEqual(2);
      for (const [job, at] of jobs) {
        const start = starts.get(job);
        expect([job, start?.unmapped.verdict?.decision]).toEqual([
          job,
          expect.stringMatching(/^(Allow|RequireApproval)$/),
        ]);
        expect(start?.time).toBeLessThanOrEqual(at);
        if (start?.unmapped.verdict?.decision === 'RequireApproval')
          expect(start.unmapped.breakGlass ?? start.unmapped.approvals?.[0]).toBeDefined();
      }
    },
  );

  test('as it is, it is verified', async () => {
    expect(await verify()).toMatchObject({ code: 0, stdout: expect.stringContaining('all as written') });
  });

  test.each<readonly [string, (lines: readonly string[]) => readonly string[], RegExp]>([
    [
      'altered',
      (lines) => lines.toSpliced(-1, 1, (lines.at(-1) ?? '').replace('"time":1', '"time":2')),
      /Changed/,
    ],
    ['taken out', (lines) => lines.toSpliced(-2, 1), /Missing/],
    [
      'moved',
      (lines) => [...lines.slice(0, -2), lines.at(-1) ?? '', lines.at(-2) ?? ''],
      /Reordered|Missing/,
    ],
  ])('a record that was %s is found', async (_what, change, words) => {
    const all = (await segments()).toSorted(
      (a, b) =>
        JSON.parse(linesOf(a).at(-1) ?? '').metadata.sequence -
        JSON.parse(linesOf(b).at(-1) ?? '').metadata.sequence,
    );
    // One that has just been begun holds too little to change.
    const newest = all.findLast((segment) => linesOf(segment).length >= 3) as Segment;
    const write = (lines: readonly string[]) =>
      // By the standard input: a full segment is more than an argument may be.
      kubectl(['replace', '-f', '-'], {
        ...{ apiVersion: 'v1', kind: 'ConfigMap', data: segmentData(lines) },
        metadata: { name: newest.metadata.name, namespace: SYSTEM, labels: newest.metadata.labels },
      });
    try {
      // The controller may save at that moment, and so put it right.
      const found = await eventually(
        async () => {
          expect(await write(change(linesOf(newest)))).toMatchObject({ code: 0 });
          const ended = await verify();
          return ended.code !== 0 && ended;
        },
        { what: 'the change is found', timeoutMilliseconds: 15_000 },
      );
      expect([found.code, found.stdout]).toEqual([1, expect.stringMatching(words)]);
    } finally {
      expect(await write(linesOf(newest))).toMatchObject({ code: 0 });
    }
    expect(await verify()).toMatchObject({ code: 0 });
  });

  test("the controller's log alone can be verified too, and only it has what was not saved", async () => {
    const log = await must(['-n', SYSTEM, 'logs', 'deployment/sekisho-controller', '--tail=-1']);
    const { code, stdout } = await run(
      process.execPath,
      ['src/cli/main.ts', 'audit', 'verify', '--log', '-'],
      log,
    );
    expect([code, stdout]).toEqual([0, expect.stringContaining('all as written')]);
  });
});
