import { createInterface } from 'node:readline/promises';
import { API_VERSION } from '../../api/v1alpha1/group.ts';
import { EXECUTION_APPROVALS } from '../../kube/resources.ts';
import type { DecideOrder } from '../cluster-arguments.ts';
import type { Output } from '../output.ts';
import { UsageError } from '../usage.ts';
import { changesSince } from './earlier.ts';
import { requestOf } from './requests.ts';
import { within } from './session.ts';
import { viewOf } from './view.ts';
import { CLUSTER_WORDS } from './words.ts';

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
    await output.write(await changesSince(session, request, locale));
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
