import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { verify } from '../../core/audit/verify.ts';
import type { Anchor } from '../../core/audit/verify.ts';
import { millisecondsOf } from '../../core/time.ts';
import { parseRequest } from '../../api/parse.ts';
import { CODE_EXECUTION_REQUESTS, CONFIG_MAPS } from '../../kube/resources.ts';
import { auditSegmentName, segmentLines } from '../../core/audit/segment.ts';
import { plainly } from '../../core/view/hidden.ts';
import { UsageError } from '../usage.ts';
import type { VerifyOrder } from '../cluster-arguments.ts';
import { EXIT } from '../exit-code.ts';
import type { Output } from '../output.ts';
import { within } from './session.ts';
import type { Session } from './session.ts';
import { CLUSTER_WORDS } from './words.ts';

const SYSTEM = 'sekisho-system';
/** As many as the chart can ask for. */
const MOST_SEGMENTS = 100;

const sequenceOf = (line: string): number => {
  try {
    return (JSON.parse(line) as { metadata?: { sequence?: number } }).metadata?.sequence ?? 0;
  } catch {
    return 0;
  }
};

/** The records in the ring, the oldest segment first; within a segment as they stand there. */
async function savedLines({ client }: Session, namespace: string): Promise<readonly string[] | undefined> {
  const segments: (readonly string[])[] = [];
  for (let index = 0; index < MOST_SEGMENTS; index += 1) {
    const map = await client.get<{ data?: Record<string, string> }>(CONFIG_MAPS, {
      namespace,
      name: auditSegmentName(index),
    });
    if (!map) break;
    segments.push(segmentLines(map));
  }
  if (segments.length === 0) return undefined;
  return segments.toSorted((a, b) => sequenceOf(a[0] ?? '') - sequenceOf(b[0] ?? '')).flat();
}

async function anchorsOf({ client }: Session): Promise<readonly Anchor[]> {
  const anchors: Anchor[] = [];
  for await (const { items } of client.pages<object>(CODE_EXECUTION_REQUESTS, { limit: 100 })) {
    for (const object of items) {
      const parsed = parseRequest(object);
      const record = parsed.ok ? parsed.value.status.auditRecord : undefined;
      if (!parsed.ok || !record) continue;
      const { namespace = '', name } = parsed.value.metadata;
      anchors.push({ request: `${namespace}/${name}`, ...record, time: millisecondsOf(record.time) });
    }
  }
  return anchors;
}

/** The records among the lines that a controller wrote to its standard output. */
async function linesOfFile(path: string): Promise<readonly string[]> {
  const lines: string[] = [];
  const input = path === '-' ? process.stdin : createReadStream(path);
  try {
    for await (const line of createInterface({ input, crlfDelay: Infinity }))
      if (line.includes('"class_uid":6003')) lines.push(line);
  } catch (error) {
    throw new UsageError(`${path}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  return lines;
}

async function tell(
  lines: readonly string[],
  anchors: readonly Anchor[],
  { locale = 'en' }: VerifyOrder,
  output: Output,
): Promise<number> {
  const words = CLUSTER_WORDS[locale];
  const { records, first, last, problems, lost } = verify(lines, anchors, Date.now());
  const verdict =
    problems.length === 0
      ? [words.intact]
      : ['', ...problems.map(({ kind, message }) => `  ${kind}: ${plainly(message)}`)];
  await output.write(`${words.verified(records, first, last, anchors.length)}${verdict.join('\n')}\n`);
  if (lost > 0) await output.write(`${words.lost(lost)}\n`);
  return problems.length === 0 ? 0 : EXIT.denied;
}

/** `sekisho audit verify`: the ring and what requests say of it, or a log alone. */
export async function verifyLog(order: VerifyOrder, output: Output): Promise<number> {
  if (order.log !== undefined) return tell(await linesOfFile(order.log), [], order, output);
  return within(order, async (session) => {
    const namespace = order.namespace ?? SYSTEM;
    const lines = await savedLines(session, namespace);
    if (!lines) throw new UsageError(CLUSTER_WORDS[order.locale ?? 'en'].noLog(namespace));
    return tell(lines, await anchorsOf(session), order, output);
  });
}
