import { parseRequest } from '../../api/parse.ts';
import type { CodeExecutionRequest } from '../../api/parse.ts';
import { millisecondsOf } from '../../core/time.ts';
import { plainly } from '../../core/view/hidden.ts';
import { byUrgency, pendingRow } from '../../core/view/pending-row.ts';
import { CODE_EXECUTION_REQUESTS } from '../../kube/resources.ts';
import type { GetOrder, PendingOrder } from '../cluster-arguments.ts';
import type { Output } from '../output.ts';
import { listOf, objectOf, printed } from './print.ts';
import { storedRequest } from './requests.ts';
import { within } from './session.ts';
import type { Session } from './session.ts';
import { ageOf, tableOf } from './table.ts';
import { CLUSTER_WORDS } from './words.ts';

interface Scope {
  readonly allNamespaces?: boolean;
  readonly fieldSelector?: string;
}

/** Calls `take` with each request, page by page: a thousand of them with their programs need not be held at one time. */
async function eachRequest(
  { client, namespace }: Session,
  { allNamespaces, fieldSelector }: Scope,
  take: (object: object) => void,
): Promise<void> {
  const where = { ...(allNamespaces ? {} : { namespace }), fieldSelector, limit: 100 };
  for await (const { items } of client.pages<object>(CODE_EXECUTION_REQUESTS, where)) items.forEach(take);
}

/** What `of` makes of each request that can be read. */
async function gathered<T>(
  session: Session,
  scope: Scope,
  of: (request: CodeExecutionRequest) => T,
): Promise<readonly T[]> {
  const all: T[] = [];
  await eachRequest(session, scope, (object) => {
    const parsed = parseRequest(object);
    if (parsed.ok) all.push(of(parsed.value));
  });
  return all;
}

async function stored(session: Session, scope: Scope): Promise<readonly object[]> {
  const all: object[] = [];
  await eachRequest(session, scope, (object) => void all.push(object));
  return all;
}

/** `sekisho pending`: what waits for a person, the most urgent first. */
export const pending = (order: PendingOrder, output: Output): Promise<number> =>
  within(order, async (session) => {
    const words = CLUSTER_WORDS[order.locale ?? 'en'];
    const scope = { ...order, fieldSelector: 'status.state=AwaitingApproval' };
    if (order.output) {
      await output.write(printed(listOf(await stored(session, scope)), order.output));
      return 0;
    }
    const rows = (await gathered(session, scope, pendingRow)).toSorted(byUrgency);
    const cells = rows.map((row) => [
      row.namespace,
      row.name,
      row.requester,
      row.role,
      row.risk,
      row.approvals,
      row.approveBy,
    ]);
    await output.write(cells.length === 0 ? `${words.none}\n` : tableOf([words.head, ...cells]));
    return 0;
  });

interface Row {
  readonly at: number;
  readonly cells: readonly string[];
}

function rowOf({ metadata, spec, status }: CodeExecutionRequest): Row {
  const at = millisecondsOf(metadata.creationTimestamp);
  const { verdict, result, state } = status;
  const cells = [
    metadata.namespace ?? '',
    metadata.name,
    state ?? '',
    verdict?.decision ?? '',
    String(verdict?.riskScore ?? ''),
    spec.role,
    spec.requester?.username ?? '',
    result?.reason ?? '',
    ageOf(at, Date.now()),
  ];
  return { at, cells: cells.map(plainly) };
}

const named = (object: object): readonly Row[] => {
  const parsed = parseRequest(object);
  return parsed.ok ? [rowOf(parsed.value)] : [];
};

/** `sekisho get`: one request, or all of a namespace, the newest first. */
export const get = (order: GetOrder, output: Output): Promise<number> =>
  within(order, async (session) => {
    const words = CLUSTER_WORDS[order.locale ?? 'en'];
    const { name } = order;
    const one = name === undefined ? undefined : await storedRequest(session, { ...order, name });
    if (order.output) {
      await output.write(printed(one ? objectOf(one) : listOf(await stored(session, order)), order.output));
      return 0;
    }
    const rows = one ? named(one) : await gathered(session, order, rowOf);
    const cells = rows.toSorted((a, b) => b.at - a.at).map((row) => row.cells);
    await output.write(cells.length === 0 ? `${words.noRequests}\n` : tableOf([words.getHead, ...cells]));
    return 0;
  });
