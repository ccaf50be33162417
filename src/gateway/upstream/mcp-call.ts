import { MAX_JSON_DEPTH } from '../../api/v1alpha1/plugin.ts';
import type { Plugin } from '../../api/parse.ts';
import { readStrictText } from '../../core/json/strict-json.ts';
import { unlessAborted } from '../deadline.ts';
import type { ExchangeBounds } from './exchange.ts';
import { UpstreamFailure, failureOf } from './failure.ts';
import { credentialHeader, withBounds } from './http-call.ts';
import { McpSession } from './mcp-session.ts';
import type { Answer, Connected, UpstreamCall } from './upstream-call.ts';

/** How long a list of tools is believed. */
const LIST_MILLISECONDS = 180_000;

/** A result holds its answer up to twice, as text (escaped) and as a value, beside a list of tools of any size. */
const bytesFor = ({ spec }: Plugin): number =>
  1_048_576 + 3 * Math.max(...spec.operations.map(({ maxResponseBytes }) => maxResponseBytes));

/** The session of one upstream: opened when it is needed, anew when it broke, got old, or has another credential. */
export class McpSessions {
  private current: { readonly header: string; readonly session: Promise<McpSession> } | undefined;

  async ready(upstream: Connected, call: UpstreamCall, now: number): Promise<McpSession> {
    const headers = credentialHeader(call);
    const header = JSON.stringify(headers);
    const { current } = this;
    const known = current?.header === header ? await current.session.catch(() => undefined) : undefined;
    // Whoever waited for the same session may have opened another one by now.
    if (this.current !== current) return this.ready(upstream, call, now);
    if (known && !known.isBroken() && now - known.listedAt < LIST_MILLISECONDS) return known;
    this.drop();
    const { milliseconds } = call;
    const session = McpSession.open(
      {
        pool: upstream.pool,
        origin: upstream.origin,
        path: upstream.origin.basePath === '' ? '/' : upstream.origin.basePath,
        headers: () => headers,
        maxBytes: bytesFor(call.plugin),
      },
      milliseconds,
      now,
    );
    session.catch(() => undefined);
    this.current = { header, session };
    return session;
  }

  drop(): void {
    this.current?.session.then((session) => session.retire()).catch(() => undefined);
    this.current = undefined;
  }
}

/** An upstream that speaks MCP. */
type McpUpstream = Connected & { readonly sessions: McpSessions };

const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;

const textsOf = (content: unknown): readonly string[] =>
  (Array.isArray(content) ? (content as readonly unknown[]) : []).map((part) => {
    const text = member(part, 'text');
    if (member(part, 'type') !== 'text' || typeof text !== 'string')
      throw new UpstreamFailure('OutputInvalid', 'The tool answered with something that is no text.');
    return text;
  });

/** The answer as JSON text: the structured one, else the text, which is JSON unless the Plugin says that it is text. */
function answerText(result: unknown, wantsText: boolean): string {
  if (member(result, 'isError') === true)
    throw new UpstreamFailure('UpstreamFailed', 'The tool says that it failed.');
  const structured = member(result, 'structuredContent');
  if (structured !== undefined) return JSON.stringify(structured);
  const text = textsOf(member(result, 'content')).join('\n');
  return wantsText ? JSON.stringify(text) : text;
}

function answerOf(result: unknown, { operation }: UpstreamCall): Answer {
  const text = answerText(result, operation.output['type'] === 'string');
  const bytes = Buffer.byteLength(text);
  if (bytes > operation.maxResponseBytes)
    throw new UpstreamFailure(
      'OutputTooLarge',
      `The answer has more than ${operation.maxResponseBytes} bytes.`,
    );
  const read = readStrictText(text, MAX_JSON_DEPTH);
  if (!read.ok) throw new UpstreamFailure('OutputInvalid', `The answer is no plain JSON: ${read.problem}.`);
  return { value: read.value, bytes };
}

async function callOnce(
  upstream: McpUpstream,
  call: UpstreamCall,
  { now, bounds }: { readonly now: number; readonly bounds: ExchangeBounds },
): Promise<Answer> {
  const { mcp } = call.operation;
  if (!mcp) throw new Error('the operation of an MCP upstream has no tool');
  const { signal, milliseconds } = bounds;
  const ready = upstream.sessions.ready(upstream, call, now);
  const session = await unlessAborted(ready, signal, () => failureOf(undefined, signal, false));
  if (session.digests.get(mcp.tool) !== mcp.definitionDigest)
    throw new UpstreamFailure('UpstreamChanged', `The tool ${mcp.tool} is not listed with this definition.`);
  return answerOf(await session.call(mcp.tool, call.args, { signal, milliseconds }), call);
}

/** One call of a tool whose definition is the accepted one. A session that the server forgot never ran it: once more. */
export async function callMcp(upstream: McpUpstream, call: UpstreamCall, now: number): Promise<Answer> {
  return withBounds(call, async (bounds) => {
    const given = { now, bounds };
    try {
      return await callOnce(upstream, call, given);
    } catch (error) {
      if (!(error instanceof UpstreamFailure) || !error.beforeAnswer || bounds.signal.aborted) throw error;
      const forgotten = !error.counts;
      if (!forgotten && !call.operation.idempotent) throw error;
      return callOnce(upstream, call, given);
    }
  });
}
