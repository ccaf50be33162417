import {
  parseApproval,
  parseClass,
  parsePlugin,
  parsePolicy,
  parseRequest,
  parseRole,
} from '../../src/api/parse.ts';
import type {
  CodeExecutionRequest,
  ExecutionApproval,
  ExecutionPolicy,
  ExecutionRole,
  Metadata,
  Parsed,
  Plugin,
  SandboxClass,
} from '../../src/api/parse.ts';
import type { Finding, Report } from '../../src/core/analysis/report.ts';
import type { QuotaLimits } from '../../src/core/queue/quota.ts';
import type { Isolation, Observed } from '../../src/core/observed.ts';
import type { JobSeen, PodSeen, RunSeen, TerminatedSeen } from '../../src/core/run/seen.ts';
import { judge } from '../../src/core/verdict/judge.ts';
import type { Case, Judgement } from '../../src/core/verdict/judge.ts';

/** The moment of every test: epoch milliseconds and RFC 3339. */
export const NOW = Date.parse('2026-11-23T12:00:00Z');
export const TIME = '2026-11-23T12:00:00Z';
export const UID = '3f2a9a6e-0d1f-4b7e-9a55-5f9f6f0c1d11';

const aMeta = (given: Partial<Metadata> = {}): Metadata => ({
  name: 'default',
  uid: 'a-uid',
  generation: 1,
  creationTimestamp: '2026-11-23T11:59:00Z',
  ...given,
});

function must<T>(parsed: Parsed<T>): T {
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return parsed.value;
}

export interface RequestParts {
  readonly metadata?: Partial<Metadata>;
  readonly spec?: object;
  readonly status?: object;
}

/** A request that alice wrote, as the API server stores it; defaults are filled in. */
export const aRequest = ({ metadata, spec, status }: RequestParts = {}): CodeExecutionRequest =>
  must(
    parseRequest({
      metadata: aMeta({ name: 'weekly', namespace: 'team-a', uid: UID, ...metadata }),
      spec: {
        language: 'Python',
        code: 'print(1)\n',
        role: 'user',
        requester: { username: 'alice' },
        ...spec,
      },
      status: status ?? {},
    }),
  );

export const aRole = (spec: object = {}, metadata: Partial<Metadata> = {}): ExecutionRole =>
  must(parseRole({ metadata: aMeta({ name: 'user', ...metadata }), spec }));

export const aClass = (spec: object = {}, metadata: Partial<Metadata> = {}): SandboxClass =>
  must(
    parseClass({
      metadata: aMeta(metadata),
      spec: { images: { Python: 'python:3.13-slim', TypeScript: 'node:24-slim' }, ...spec },
    }),
  );

export const aPolicy = (spec: object = {}, metadata: Partial<Metadata> = {}): ExecutionPolicy =>
  must(parsePolicy({ metadata: aMeta({ name: 'strict', ...metadata }), spec }));

/** A calendar, as the seed has it: what the role "user" may do with it, and what nobody does by accident. */
export const aPlugin = (spec: object = {}, metadata: Partial<Metadata> = {}): Plugin =>
  must(
    parsePlugin({
      metadata: aMeta({ name: 'calendar', uid: 'calendar-uid', ...metadata }),
      spec: {
        upstream: { url: 'https://calendar.example.com' },
        operations: [
          anOperation(),
          anOperation({
            name: 'create_event',
            action: 'create_event',
            http: { method: 'POST', path: '/events' },
          }),
          anOperation({ name: 'export_contacts', action: 'export_contacts', risk: 'High' }),
        ],
        ...spec,
      },
    }),
  );

export const anOperation = (given: object = {}): object => ({
  name: 'read_events',
  action: 'read_calendar',
  http: { method: 'GET', path: '/events', query: ['days'] },
  input: { type: 'object', properties: { days: { type: 'integer', minimum: 1, maximum: 31 } } },
  output: { type: 'array', items: { type: 'object' } },
  ...given,
});

export const aFinding = (given: Partial<Finding> = {}): Finding => ({
  rule: 'PY-FORK',
  severity: 'Critical',
  line: 3,
  column: 5,
  endLine: 3,
  endColumn: 14,
  excerpt: 'os.fork()',
  message: { en: 'os.fork makes processes.', ja: 'os.fork はプロセスを作ります。' },
  ...given,
});

export const aReport = (given: Partial<Report> = {}): Report => ({
  language: 'Python',
  parsed: true,
  findings: [],
  truncatedFindings: 0,
  actions: [],
  riskScore: 0,
  riskReasons: [],
  ruleSetDigest: 'sha256:0',
  ...given,
});

/** A case that is allowed as it stands. */
export const aCase = ({ spec, ...given }: Partial<Omit<Case, 'spec'>> & { spec?: object } = {}): Case => ({
  spec: aRequest({ spec: spec ?? {} }).spec,
  report: aReport(),
  role: aRole(),
  holdsRole: true,
  sandboxClass: aClass(),
  policies: [],
  ...given,
});

export const allowed = (): Judgement => judge(aCase());
export const deniedJudgement = (): Judgement => judge(aCase({ report: aReport({ findings: [aFinding()] }) }));
export const approvalJudgement = (): Judgement =>
  judge(
    aCase({
      report: aReport({ actions: [{ action: 'send_email', line: 1, column: 1 }] }),
      role: aRole({ approvalActions: ['send_email'] }),
    }),
  );

/** Bob's approval of the request of `approvalJudgement`, given at the moment of every test. */
export const anApproval = (spec: object = {}, metadata: Partial<Metadata> = {}): ExecutionApproval =>
  must(
    parseApproval({
      metadata: aMeta({ name: 'approval', namespace: 'team-a', creationTimestamp: TIME, ...metadata }),
      spec: {
        requestRef: { name: 'weekly', uid: UID },
        digest: approvalJudgement().verdict.digest,
        decision: 'Approve',
        reason: 'Looked at it.',
        approver: { username: 'bob' },
        ...spec,
      },
    }),
  );

/** A request that waits for approval, for which bob broke the glass. */
export const inEmergency = (): Pick<Observed, 'judgement' | 'approvals'> => {
  const approvalRules = aRole({ approval: { breakGlass: { enabled: true } } }).spec.approval;
  const decision = { decision: 'BreakGlass', ticket: 'INC-1', reason: 'The site is down.' };
  return {
    judgement: { ...approvalJudgement(), approvalRules },
    approvals: [{ approval: anApproval(decision), mayApprove: true }],
  };
};

export const PROVEN = {
  proven: true,
  shape: { runtimeClassName: undefined, userNamespace: true },
} as const satisfies Isolation;
export const UNPROVEN = {
  proven: false,
  reason: 'NetworkOpen',
  message: '10.96.0.1:443 answered.',
} as const satisfies Isolation;

export const aJob = (given: Partial<JobSeen> = {}): JobSeen => ({
  name: 'run-1',
  uid: 'job-uid',
  requestUid: UID,
  deleting: false,
  finished: undefined,
  createdAt: NOW,
  failedReason: undefined,
  ...given,
});

export const aPod = (given: Partial<PodSeen> = {}): PodSeen => ({
  name: 'run-1-abcde',
  phase: 'Running',
  reason: undefined,
  message: undefined,
  deleting: false,
  node: 'node-1',
  runtime: 'default',
  userNamespace: true,
  uid: 12_345,
  runningSince: undefined,
  waiting: undefined,
  terminated: undefined,
  ...given,
});

export const terminated = (given: Partial<TerminatedSeen> = {}): TerminatedSeen => ({
  exitCode: 0,
  reason: 'Completed',
  message: undefined,
  startedAt: '2026-11-23T12:00:01Z',
  finishedAt: '2026-11-23T12:00:02Z',
  ...given,
});

export const aRun = (given: Partial<RunSeen> = {}): RunSeen => ({
  job: aJob(),
  pod: aPod(),
  log: undefined,
  ...given,
});

const base64 = (text: string | Uint8Array): string => Buffer.from(text).toString('base64');

export interface FrameParts {
  readonly exit?: number;
  readonly deadline?: 0 | 1;
  readonly stdout?: string;
  readonly stderr?: string;
}

/** What the supervisor leaves in the termination message. */
export const aMessage = ({ exit = 0, deadline = 0, stdout = '', stderr = '' }: FrameParts = {}): string =>
  `sekisho.dev/1 exit=${exit} deadline=${deadline} stdout=${Buffer.byteLength(stdout)} stderr=${Buffer.byteLength(stderr)} ms=120 in=message\n${base64(stdout)}\n${base64(stderr)}\n`;

const NO_LIMITS = { running: undefined, perHour: undefined } as const;
export const UNLIMITED: QuotaLimits = { namespace: NO_LIMITS, requester: NO_LIMITS };

/** Everything seen of a request that is judged, isolated and not started. */
export const anObserved = (given: Partial<Observed> = {}): Observed => ({
  request: aRequest(),
  judgement: allowed(),
  approvals: [],
  sandboxClass: aClass(),
  isolation: PROVEN,
  run: undefined,
  start: 'None',
  startedAt: undefined,
  gateway: undefined,
  quota: UNLIMITED,
  turn: { kind: 'Granted' },
  ...given,
});
