import { isAsExpected } from './examples.ts';
import type { Stored } from './examples.ts';
import { kubectl, mustKubectl } from './kubectl.ts';
import { watchRequests } from './watch.ts';

/** One try to decide, and how it shall be answered. */
interface Try {
  readonly user: string;
  readonly request: string;
  readonly decision: 'Approve' | 'Deny';
  readonly reason: string;
  /** Instead of the digest in status. */
  readonly digest?: string;
  /** Words of the refusal; undefined: it is accepted. */
  readonly refusal?: string;
}

const GRANT = 'approval-grant-admin';
const EXPORT = 'approval-export-data';
const OLD_DIGEST = `sha256:${'0'.repeat(64)}`;

const TRIES: readonly Try[] = [
  { user: 'alice', request: GRANT, decision: 'Approve', reason: 'It is mine.', refusal: 'made this request' },
  { user: 'carol', request: GRANT, decision: 'Approve', reason: 'Why not.', refusal: 'verb "approve"' },
  {
    user: 'bob',
    request: GRANT,
    decision: 'Approve',
    reason: 'What I saw before.',
    digest: OLD_DIGEST,
    refusal: 'Look at the request again',
  },
  { user: 'bob', request: GRANT, decision: 'Approve', reason: 'Ticket 4711.' },
  { user: 'bob', request: EXPORT, decision: 'Deny', reason: 'Not without the data owner.' },
];

/** How the requests end after the tries. */
const ENDS: readonly (readonly [string, string])[] = [
  [GRANT, 'Succeeded/Completed'],
  [EXPORT, 'Denied'],
];
const WAIT_SECONDS = 60;

function tryTo({ user, request, decision, reason, digest, refusal }: Try): boolean {
  const stored = JSON.parse(mustKubectl('-n', 'demo', 'get', 'cer', request, '-o', 'json')) as Stored & {
    readonly metadata: { readonly uid: string };
  };
  const approval = {
    apiVersion: 'sekisho.dev/v1alpha1',
    kind: 'ExecutionApproval',
    metadata: { generateName: `${request}-`, namespace: 'demo' },
    spec: {
      requestRef: { name: request, uid: stored.metadata.uid },
      digest: digest ?? stored.status?.verdict?.digest,
      decision,
      reason,
    },
  };
  const { code, stdout, stderr } = kubectl(
    { input: JSON.stringify(approval) },
    '--as',
    user,
    'create',
    '-f',
    '-',
  );
  const answer = (stderr || stdout).trim().split('\n').at(-1) ?? '';
  const ok = refusal === undefined ? code === 0 : code !== 0 && stderr.includes(refusal);
  console.log(
    `    ${user}, ${decision} ${request} (${reason})${ok ? '' : ': NOT AS EXPECTED'}\n        ${answer}`,
  );
  return ok;
}

/** The seed's third part: who may decide, about what, and what becomes of it. Answers how much did not go as expected. */
export async function playApprovals(): Promise<number> {
  const wrong = TRIES.filter((one) => !tryTo(one)).length;
  const ended = await watchRequests('demo', WAIT_SECONDS, (requests) =>
    ENDS.every(([name, end]) => isAsExpected(end, requests.get(name))),
  );
  const others = ENDS.filter(([name, end]) => !isAsExpected(end, ended.get(name)));
  for (const [name, end] of others) console.log(`    ${name} should have ended as ${end}`);
  for (const [name] of ENDS) {
    const { status } = ended.get(name) ?? {};
    const approved = status?.conditions?.find(({ type }) => type === 'Approved');
    console.log(`    ${name}: ${status?.state ?? '?'}. ${approved?.message ?? ''}`);
  }
  return wrong + others.length;
}
