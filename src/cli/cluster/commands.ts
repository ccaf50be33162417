import { createInterface } from 'node:readline/promises';
import { parseRequest } from '../../api/parse.ts';
import type { CodeExecutionRequest } from '../../api/parse.ts';
import { API_VERSION } from '../../api/v1alpha1/group.ts';
import type { Locale } from '../../api/v1alpha1/names.ts';
import { byUrgency, pendingRow } from '../../core/view/pending-row.ts';
import { CODE_EXECUTION_REQUESTS, EXECUTION_APPROVALS } from '../../kube/resources.ts';
import { UsageError } from '../usage.ts';
import type { CancelOrder, DecideOrder, LogsOrder, PendingOrder, ShowOrder } from '../cluster-arguments.ts';
import type { Output } from '../output.ts';
import { writeResult } from './result.ts';
import { within } from './session.ts';
import type { Session } from './session.ts';
import { viewOf } from './view.ts';
import { CLUSTER_WORDS } from './words.ts';

/** The request as stored; only one that can be read to its last field can be shown. */
async function requestOf(
  { client, namespace }: Session,
  { name, locale = 'en' }: { readonly name: string; readonly locale?: Locale },
): Promise<CodeExecutionRequest> {
  const words = CLUSTER_WORDS[locale];
  const object = await client.get<object>(CODE_EXECUTION_REQUESTS, { namespace, name });
  if (!object) throw new UsageError(words.missing(name, namespace));
  const parsed = parseRequest(object);
  if (!parsed.ok) throw new UsageError(words.unreadable(name));
  return parsed.value;
}

/** `sekisho show`: what would run, and why it is judged as it is. */
export const show = (order: ShowOrder, output: Output): Promise<number> =>
  within(order, async (session) => {
    await output.write(viewOf(await requestOf(session, order), order.locale ?? 'en'));
    return 0;
  });

/** Whether the caller has seen this digest: shown in their terminal and confirmed, or named. */
async function seen(order: DecideOrder, digest: string, output: Output): Promise<boolean> {
  const words = CLUSTER_WORDS[order.locale ?? 'en'];
  if (order.digest !== undefined) {
    if (order.digest !== digest) throw new UsageError(words.otherDigest(digest));
    return true;
  }
  if (!process.stdin.isTTY || !process.stdout.isTTY) throw new UsageError(words.wantsDigest);
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(words.ask[order.decision]);
  terminal.close();
  if (answer.trim() === 'yes') return true;
  await output.write(`${words.left}\n`);
  return false;
}

/** `sekisho approve` and `sekisho deny`: shows what is decided about, and sends the digest of exactly that. */
export const decide = (order: DecideOrder, output: Output): Promise<number> =>
  within(order, async (session) => {
    const { decision, name, reason, ticket, locale = 'en' } = order;
    const request = await requestOf(session, order);
    const digest = request.status.verdict?.digest;
    if (digest === undefined) throw new UsageError(CLUSTER_WORDS[locale].unjudged(name));
    await output.write(viewOf(request, locale));
    if (!(await seen(order, digest, output))) return 1;
    await session.client.create(EXECUTION_APPROVALS, {
      apiVersion: API_VERSION,
      kind: EXECUTION_APPROVALS.kind,
      metadata: { generateName: `${name.slice(0, 200)}-`, namespace: session.namespace },
      spec: { requestRef: { name, uid: request.metadata.uid }, digest, decision, reason, ticket },
    });
    await output.write(`${name}: ${CLUSTER_WORDS[locale].decided[decision]}\n`);
    return 0;
  });

/** `sekisho cancel`: what has ended stays as it is. */
export const cancel = (order: CancelOrder, output: Output): Promise<number> =>
  within(order, async ({ client, namespace }) => {
    const { name, locale = 'en' } = order;
    const words = CLUSTER_WORDS[locale];
    if (!(await client.get<object>(CODE_EXECUTION_REQUESTS, { namespace, name })))
      throw new UsageError(words.missing(name, namespace));
    await client.patch(CODE_EXECUTION_REQUESTS, { namespace, name }, { spec: { cancel: true } });
    await output.write(`${name}: ${words.cancelled}\n`);
    return 0;
  });

/** `sekisho logs`: what the program wrote, each stream to its own. */
export const logs = (order: LogsOrder, output: Output): Promise<number> =>
  within(order, async (session) => {
    const { status } = await requestOf(session, order);
    const words = CLUSTER_WORDS[order.locale ?? 'en'];
    if (!status.result) throw new UsageError(words.noResult(order.name, status.state ?? '?'));
    await writeResult(status.result, output, words);
    return 0;
  });

/** `sekisho pending`: what waits for a person, the most urgent first. */
export const pending = (order: PendingOrder, output: Output): Promise<number> =>
  within(order, async ({ client, namespace }) => {
    const words = CLUSTER_WORDS[order.locale ?? 'en'];
    const { items } = await client.list<object>(CODE_EXECUTION_REQUESTS, {
      ...(order.allNamespaces ? {} : { namespace }),
      fieldSelector: 'status.state=AwaitingApproval',
    });
    const rows = items
      .flatMap((object) => {
        const parsed = parseRequest(object);
        return parsed.ok ? [pendingRow(parsed.value)] : [];
      })
      .toSorted(byUrgency)
      .map((row) => [
        row.namespace,
        row.name,
        row.requester,
        row.role,
        row.risk,
        row.approvals,
        row.approveBy,
      ]);
    if (rows.length === 0) {
      await output.write(`${words.none}\n`);
      return 0;
    }
    const table = [words.head, ...rows];
    const widths = words.head.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
    const text = table.map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('   ')
        .trimEnd(),
    );
    await output.write(`${text.join('\n')}\n`);
    return 0;
  });
