import type { IncomingMessage } from 'node:http';
import { canonicalJson } from '../../core/verdict/digest.ts';
import type { Credentials, Sought } from '../call.ts';
import type { Gateway } from '../gateway.ts';
import type { GrantedPlugin } from '../granted-list.ts';
import { readJson } from '../http/json-body.ts';
import { callReply, jsonReply, problemReply } from '../http/replies.ts';
import type { Reply } from '../http/replies.ts';
import { unreadOf } from '../unread.ts';
import { MAX_MESSAGE_DEPTH, messageOf } from './message.ts';
import { serveMessage } from './serve.ts';
import type { McpExchange } from './serve.ts';

/** The largest arguments of any operation, and what a message has around them. */
const MAX_MESSAGE_BYTES = 1_048_576 + 65_536;

const METHOD_NOT_FOUND = -32_601;

/** Headers that MCP reads. Nothing else of the caller's goes further; the token least of all. */
const PASSED = /^(?:accept|content-type|mcp-[a-z-]{1,32})$/;

const passedHeaders = ({ headers }: IncomingMessage): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      PASSED.test(name) && typeof value === 'string' ? [[name, value]] : [],
    ),
  );

async function replyOf(response: Response): Promise<Reply> {
  const type = response.headers.get('content-type');
  return {
    status: response.status,
    headers: type === null ? {} : { 'content-type': type },
    body: await response.text(),
  };
}

export interface McpCall {
  readonly request: IncomingMessage;
  readonly credentials: Credentials;
  readonly gone: AbortSignal;
  readonly length: number | undefined;
  readonly milliseconds: number;
}

/** A message that cannot be read, or is for nobody here, goes the way of a call: refused, counted and recorded where calls are. */
async function replyToUnreadable(
  fault: Omit<Extract<Sought, { kind: 'Unreadable' }>, 'kind'>,
  { credentials, gone }: McpCall,
  gateway: Gateway,
): Promise<Reply> {
  const sought: Sought = { ...fault, kind: 'Unreadable' };
  const readArguments = () => Promise.reject(new Error('there are none'));
  return callReply(sought, await gateway.call({ ...credentials, way: 'MCP', sought, gone, readArguments }));
}

const FIRST_ERROR = 400;

/** What the library refuses by itself, for its headers or its parameters, counts as a call that could not be read. */
async function replyToServed(
  { exchange, granted }: { readonly exchange: McpExchange; readonly granted: readonly GrantedPlugin[] },
  call: McpCall,
  gateway: Gateway,
): Promise<Reply> {
  let called = false;
  const noticing: Gateway = {
    ...gateway,
    call: (asked) => {
      called = true;
      return gateway.call(asked);
    },
  };
  const reply = await replyOf(await serveMessage(exchange, noticing, granted));
  const lost = exchange.message['method'] === 'tools/call' || reply.status >= FIRST_ERROR;
  if (lost && !called) {
    const unread = unreadOf(canonicalJson(exchange.message));
    await replyToUnreadable({ code: 'BadRequest', unread }, call, gateway);
  }
  return reply;
}

/** POST /mcp: who calls is known before anything of the message is read. */
export async function replyToMcp(call: McpCall, gateway: Gateway): Promise<Reply> {
  const { request, credentials, gone, length, milliseconds } = call;
  const known = await gateway.list(credentials);
  if (known.kind === 'Refuse') return problemReply(known.code, known.detail);
  const bounds = { maxBytes: MAX_MESSAGE_BYTES, maxDepth: MAX_MESSAGE_DEPTH, length, milliseconds };
  const read = await readJson(request, bounds);
  if (read.kind === 'TooLarge') return replyToUnreadable({ code: 'InputTooLarge' }, call, gateway);
  if (read.kind === 'Bad') return replyToUnreadable(read, call, gateway);
  const message = messageOf(read.value);
  switch (message.kind) {
    case 'Bad': {
      const unread = unreadOf(canonicalJson(read.value));
      return replyToUnreadable({ code: 'BadRequest', detail: message.detail, unread }, call, gateway);
    }
    case 'NotServed': {
      const unread = unreadOf(message.method);
      await replyToUnreadable({ code: 'BadTarget', unread }, call, gateway);
      return jsonReply(200, {
        jsonrpc: '2.0',
        id: message.id,
        error: { code: METHOD_NOT_FOUND, message: 'Method not found' },
      });
    }
    case 'Served': {
      const headers = passedHeaders(request);
      const exchange = { message: message.message, credentials, bytes: read.bytes, headers, gone };
      return replyToServed({ exchange, granted: known.granted }, call, gateway);
    }
  }
}
