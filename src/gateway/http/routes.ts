import type { IncomingMessage } from 'node:http';
import { MAX_JSON_DEPTH } from '../../api/v1alpha1/plugin.ts';
import type { Credentials } from '../call.ts';
import type { Gateway } from '../gateway.ts';
import { targetOf } from '../target.ts';
import type { Target } from '../target.ts';
import { replyToMcp } from '../mcp/route.ts';
import { plainAddress } from './connections.ts';
import { framingOf } from './framing.ts';
import { readJson } from './json-body.ts';
import { callReply, jsonReply, problemReply } from './replies.ts';
import type { Reply } from './replies.ts';

/** How long a body may take to come, where nothing else is said. */
export const BODY_MILLISECONDS = 10_000;

const BEARER = /^Bearer ([^\s]+)$/i;

const credentialsOf = ({ headers, socket }: IncomingMessage): Credentials => ({
  token: BEARER.exec(headers.authorization ?? '')?.[1],
  address: plainAddress(socket.remoteAddress),
});

export interface Exchange {
  readonly request: IncomingMessage;
  /** Aborted when the caller goes away. */
  readonly gone: AbortSignal;
  /** How long its body may take to come. */
  readonly bodyMilliseconds: number;
}

type Length = number | undefined;

async function replyToCall(
  target: Extract<Target, { kind: 'Call' }>,
  { request, gone, bodyMilliseconds: milliseconds }: Exchange,
  { gateway, length }: { readonly gateway: Gateway; readonly length: Length },
): Promise<Reply> {
  const result = await gateway.call({
    ...credentialsOf(request),
    way: 'HTTP',
    plugin: target.plugin,
    operation: target.operation,
    gone,
    readArguments: (maxBytes) =>
      readJson(request, { maxBytes, maxDepth: MAX_JSON_DEPTH, length, milliseconds }),
  });
  return callReply(target, result);
}

async function replyToList({ request }: Exchange, gateway: Gateway): Promise<Reply> {
  const result = await gateway.list(credentialsOf(request));
  return result.kind === 'List' ? jsonReply(200, result.list) : problemReply(result.code, result.detail);
}

/** Reads where a request wants to go, before anything else of it, and answers. */
export async function replyTo(exchange: Exchange, gateway: Gateway): Promise<Reply> {
  const { method = '', url = '', rawHeaders } = exchange.request;
  const target = targetOf(method, url);
  if (target.kind === 'Bad')
    return problemReply(
      target.code,
      undefined,
      target.code === 'BadMethod' ? { allow: target.allow } : undefined,
    );
  const framing = framingOf(method, rawHeaders);
  if (framing.kind === 'Bad') return problemReply('BadRequest', framing.detail);
  switch (target.kind) {
    case 'Call':
      return replyToCall(target, exchange, { gateway, length: framing.length });
    case 'List':
      return replyToList(exchange, gateway);
    case 'Mcp': {
      const { request, gone, bodyMilliseconds: milliseconds } = exchange;
      const credentials = credentialsOf(request);
      return replyToMcp({ request, credentials, gone, length: framing.length, milliseconds }, gateway);
    }
  }
}
