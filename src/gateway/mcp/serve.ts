import { Server, createMcpHandler, inputRequired } from '@modelcontextprotocol/server';
import type { CallToolResult, InputRequiredResult, McpRequestContext } from '@modelcontextprotocol/server';
import type { JsonObject } from '../../core/json/strict-json.ts';
import type { Credentials, Sought } from '../call.ts';
import type { Gateway } from '../gateway.ts';
import type { GrantedPlugin } from '../granted-list.ts';
import type { Waiting } from '../stages/stage.ts';
import { namesOfTool } from '../target.ts';
import { unreadOf } from '../unread.ts';
import { canAsk, toolCallOf } from './message.ts';
import { WAITING_SENTENCE, answerResult, refusalResult, toolsOf, waitingResult } from './tools.ts';

/** One message that was read, and who sent it. */
export interface McpExchange {
  readonly message: JsonObject;
  readonly credentials: Credentials;
  /** Size of the whole message. */
  readonly bytes: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly gone: AbortSignal;
}

const INFO = { name: 'sekisho', version: '1' };

/** Clients that can ask their user may wait in the call; others are told when to try again. */
function waiting(result: Waiting, asks: boolean, declined: boolean): CallToolResult | InputRequiredResult {
  if (!asks || declined) return waitingResult(result);
  return inputRequired({
    inputRequests: {
      approval: inputRequired.elicit({
        message: `${WAITING_SENTENCE} Accept to try again now.`,
        requestedSchema: { type: 'object', properties: {} },
      }),
    },
    requestState: result.digest,
  });
}

const wasDeclined = (responses: unknown): boolean => {
  const approval: unknown =
    typeof responses === 'object' && responses !== null ? Reflect.get(responses, 'approval') : undefined;
  const action: unknown =
    typeof approval === 'object' && approval !== null ? Reflect.get(approval, 'action') : undefined;
  return action !== undefined && action !== 'accept';
};

/** The operation that a tool's name means. */
function soughtBy(name: string): Sought {
  const names = namesOfTool(name);
  return names
    ? { kind: 'Operation', ...names }
    : { kind: 'Unreadable', code: 'BadTarget', unread: unreadOf(name) };
}

async function callTool(
  { message, credentials, bytes, gone }: McpExchange,
  gateway: Gateway,
  asks: boolean,
): Promise<CallToolResult | InputRequiredResult> {
  const { name, args } = toolCallOf(message) ?? { name: '', args: {} };
  const result = await gateway.call({
    ...credentials,
    way: 'MCP',
    sought: soughtBy(name),
    gone,
    readArguments: (maxBytes) =>
      Promise.resolve(
        bytes > maxBytes && Buffer.byteLength(JSON.stringify(args)) > maxBytes
          ? { kind: 'TooLarge' }
          : { kind: 'Read', value: args, bytes: Buffer.byteLength(JSON.stringify(args)) },
      ),
  });
  switch (result.kind) {
    case 'Done':
      return answerResult(result.answer);
    case 'Refuse':
      return refusalResult(result);
    case 'Wait': {
      const params = message['params'] as JsonObject;
      return waiting(result, asks, wasDeclined(params['inputResponses']));
    }
  }
}

function serverFor(
  exchange: McpExchange,
  {
    gateway,
    granted,
    era,
  }: { readonly gateway: Gateway; readonly granted: readonly GrantedPlugin[] } & Pick<
    McpRequestContext,
    'era'
  >,
): Server {
  const server = new Server(INFO, { capabilities: { tools: {} } });
  server.setRequestHandler('tools/list', () => ({ tools: toolsOf(granted) }));
  server.setRequestHandler('tools/call', () =>
    callTool(exchange, gateway, era === 'modern' && canAsk(exchange.message)),
  );
  return server;
}

/**
 * Serves one message with the SDK: it speaks the revision of 2026-07-28 and the older ones, and never keeps a session. The body was read,
 * bounded and checked before; the SDK gets the value, and the arguments of a call are taken from that value, not from what the SDK makes
 * of it.
 */
export async function serveMessage(
  exchange: McpExchange,
  gateway: Gateway,
  granted: readonly GrantedPlugin[],
): Promise<Response> {
  const handler = createMcpHandler(({ era }) => serverFor(exchange, { gateway, granted, era }), {
    keepAliveMs: 0,
  });
  const request = new Request('http://gateway/mcp', {
    method: 'POST',
    headers: exchange.headers,
    signal: exchange.gone,
  });
  return handler.fetch(request, { parsedBody: exchange.message });
}
