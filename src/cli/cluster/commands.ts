import { CODE_EXECUTION_REQUESTS } from '../../kube/resources.ts';
import type { CancelOrder, LogsOrder, ShowOrder } from '../cluster-arguments.ts';
import type { Output } from '../output.ts';
import { UsageError } from '../usage.ts';
import { changesSince } from './earlier.ts';
import { objectOf, printed } from './print.ts';
import { requestOf, storedRequest } from './requests.ts';
import { writeResult } from './result.ts';
import { within } from './session.ts';
import { viewOf } from './view.ts';
import { CLUSTER_WORDS } from './words.ts';

/** `sekisho show`: what would run, why it is judged as it is, and how it differs from what the caller approved before. */
export const show = (order: ShowOrder, output: Output): Promise<number> =>
  within(order, async (session) => {
    const { locale = 'en' } = order;
    if (order.output) {
      await output.write(printed(objectOf(await storedRequest(session, order)), order.output));
      return 0;
    }
    const request = await requestOf(session, order);
    await output.write(viewOf(request, locale));
    await output.write(await changesSince(session, request, locale));
    return 0;
  });

/** `sekisho cancel`: what has ended stays as it is. */
export const cancel = (order: CancelOrder, output: Output): Promise<number> =>
  within(order, async (session) => {
    const { name, locale = 'en' } = order;
    await storedRequest(session, order);
    const { client, namespace } = session;
    await client.patch(CODE_EXECUTION_REQUESTS, { namespace, name }, { spec: { cancel: true } });
    await output.write(`${name}: ${CLUSTER_WORDS[locale].cancelled}\n`);
    return 0;
  });

/** `sekisho logs`: what the program wrote, each stream to its own. */
export const logs = (order: LogsOrder, output: Output): Promise<number> =>
  within(order, async (session) => {
    const { status } = await requestOf(session, order);
    const words = CLUSTER_WORDS[order.locale ?? 'en'];
    if (!status.result) throw new UsageError(words.noResult(order.name, status.state ?? '?'));
    if (order.output) await output.write(printed(status.result, order.output));
    else await writeResult(status.result, output, words);
    return 0;
  });
