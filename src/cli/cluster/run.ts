import { parseRequest } from '../../api/parse.ts';
import type { CodeExecutionRequest } from '../../api/parse.ts';
import { MAX_CODE_BYTES } from '../../api/v1alpha1/code-execution-request.ts';
import { API_VERSION } from '../../api/v1alpha1/group.ts';
import { CODE_EXECUTION_REQUESTS } from '../../kube/resources.ts';
import { plainly } from '../../core/view/hidden.ts';
import type { RunOrder } from '../cluster-arguments.ts';
import { languageAt } from '../kinds-of-file.ts';
import { outputTo } from '../output.ts';
import type { Output } from '../output.ts';
import { readText, textOfChunks } from '../reading.ts';
import { UsageError } from '../usage.ts';
import { follow } from './follow.ts';
import { writeResult } from './result.ts';
import { within } from './session.ts';
import type { Session } from './session.ts';
import { CLUSTER_WORDS } from './words.ts';

/** As container tools and shells say it. */
const EXIT = { otherwise: 125, denied: 126, interrupted: 130 } as const;

async function specOf(order: RunOrder): Promise<object> {
  const { file, args, role, action, sandboxClass, deadline, locale } = order;
  const words = CLUSTER_WORDS[locale ?? 'en'];
  const read =
    file === '-' ? await textOfChunks(process.stdin, MAX_CODE_BYTES) : await readText(file, MAX_CODE_BYTES);
  if (!read.ok) throw new UsageError(words.unreadableFile(file));
  const language = order.language ?? languageAt(file, read.text);
  if (language === undefined) throw new UsageError(words.unknownLanguage(file));
  return {
    ...{ language, code: read.text, role },
    ...(args.length > 0 ? { args } : {}),
    ...(action ? { actions: action } : {}),
    ...(sandboxClass === undefined ? {} : { sandboxClassName: sandboxClass }),
    ...(deadline === undefined ? {} : { deadlineSeconds: deadline }),
    ...(locale === undefined ? {} : { locale }),
  };
}

async function create({ client, namespace }: Session, spec: object): Promise<CodeExecutionRequest> {
  const created = await client.create<object>(
    CODE_EXECUTION_REQUESTS,
    {
      apiVersion: API_VERSION,
      kind: CODE_EXECUTION_REQUESTS.kind,
      metadata: { generateName: 'run-', namespace },
      spec,
    },
    { fieldValidation: 'Strict' },
  );
  const parsed = parseRequest(created);
  if (!parsed.ok)
    throw new UsageError(parsed.errors.map(({ path, message }) => `${path}: ${message}`).join('\n'));
  return parsed.value;
}

/** Says each new state once, with the sentence of the topmost condition. */
function teller(order: RunOrder): (request: CodeExecutionRequest) => void {
  const words = CLUSTER_WORDS[order.locale ?? 'en'];
  const errors = outputTo(process.stderr);
  let said = '';
  return ({ status }) => {
    const top = status.conditions?.find(({ type }) => type === 'Succeeded');
    const approved = status.conditions?.find(({ type }) => type === 'Approved');
    const why = status.state === 'AwaitingApproval' ? approved?.message : top?.message;
    const line = status.state === undefined ? '' : words.told(status.state, plainly(why ?? ''));
    if (line === said || line === '') return;
    said = line;
    void errors.write(`${line}\n`);
  };
}

async function tellDenial({ status }: CodeExecutionRequest): Promise<void> {
  const errors = outputTo(process.stderr);
  const { findings = [], reasons = [] } = status.verdict ?? {};
  for (const { message } of reasons) await errors.write(`  ${plainly(message)}\n`);
  for (const { line, column, severity, rule, message } of findings)
    await errors.write(`  ${line}:${column}: ${severity} ${rule}: ${plainly(message)}\n`);
}

/** `sekisho run`: a program as a request, followed to its end. Whoever interrupts takes the request back. */
export const runProgram = (order: RunOrder, output: Output): Promise<number> =>
  within(order, async (session) => {
    const words = CLUSTER_WORDS[order.locale ?? 'en'];
    const spec = await specOf(order);
    const { metadata } = await create(session, spec);
    const { name, uid } = metadata;
    await outputTo(process.stderr).write(`${words.created(name, session.namespace)}\n`);
    let interrupted = false;
    process.once('SIGINT', () => {
      interrupted = true;
      const ref = { namespace: session.namespace, name };
      session.client
        .patch(CODE_EXECUTION_REQUESTS, ref, { spec: { cancel: true } })
        .catch(() => process.exit(EXIT.interrupted));
    });
    const ended = await follow(session, { name, uid }, teller(order));
    if (!ended) throw new UsageError(words.gone(name));
    const { result } = ended.status;
    if (!result) {
      await tellDenial(ended);
      return EXIT.denied;
    }
    await writeResult(result, output, words);
    if (interrupted) return EXIT.interrupted;
    const byItself = result.reason === 'Completed' || result.reason === 'Error';
    return byItself ? (result.exitCode ?? EXIT.otherwise) : EXIT.otherwise;
  });
