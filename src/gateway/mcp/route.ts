import type { IncomingMessage } from 'node:http';
import type { Credentials } from '../call.ts';
import type { Gateway } from '../gateway.ts';
import { readJson } from '../http/json-body.ts';
import { jsonReply, problemReply } from '../http/replies.ts';
import type { Reply } from '../http/replies.ts';
import { MAX_MESSAGE_DEPTH, messageOf } from './message.ts';
import { serveMessage } from './serve.ts';

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

/** POST /mcp: who calls is known before anything of the message is read. */
export async function replyToMcp(
  { request, credentials, gone, length, milliseconds }: McpCall,
  gateway: Gateway,
): Promise<Reply> {
  const known = await gateway.list(credentials);
  if (known.kind === 'Refuse') return problemReply(known.code, known.detail);
  const bounds = { maxBytes: MAX_MESSAGE_BYTES, maxDepth: MAX_MESSAGE_DEPTH, length, milliseconds };
  const read = await readJson(request, bounds);
  if (read.kind === 'TooLarge') return problemReply('InputTooLarge');
  if (read.kind === 'Bad') return problemReply(read.code, read.detail);
  const message = messageOf(read.value);
  switch (message.kind) {
    case 'Bad':
      return problemReply('BadRequest', message.detail);
    case 'NotServed':
      return jsonReply(200, {
        jsonrpc: '2.0',
        id: message.id,
        error: { code: METHOD_NOT_FOUND, message: 'Method not found' },
      });
    case 'Served': {
      const headers = passedHeaders(request);
      const exchange = { message: message.message, credentials, bytes: read.bytes, headers, gone };
      return replyOf(await serveMessage(exchange, gateway, known.granted));
    }
  }
}
