import type { IncomingMessage } from 'node:http';
import { MAX_JSON_DEPTH } from '../../api/v1alpha1/plugin.ts';
import type { Credentials, Sought } from '../call.ts';
import type { Gateway } from '../gateway.ts';
import { targetOf } from '../target.ts';
import type { Target } from '../target.ts';
import { unreadOf } from '../unread.ts';
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

/** Takes what was asked for through the stages, also where it could not be read: they say so, and record it. */
async function replyToCall(
  sought: Sought,
  { request, gone, bodyMilliseconds: milliseconds }: Exchange,
  { gateway, length }: { readonly gateway: Gateway; readonly length: Length },
): Promise<Reply> {
  const result = await gateway.call({
    ...credentialsOf(request),
    way: 'HTTP',
    sought,
    gone,
    readArguments: (maxBytes) =>
      readJson(request, { maxBytes, maxDepth: MAX_JSON_DEPTH, length, milliseconds }),
  });
  return callReply(sought, result);
}

async function replyToList({ request }: Exchange, gateway: Gateway): Promise<Reply> {
  const result = await gateway.list(credentialsOf(request));
  return result.kind === 'List' ? jsonReply(200, result.list) : problemReply(result.code, result.detail);
}

type Head =
  | {
      readonly kind: 'Read';
      readonly target: Exclude<Target, { readonly kind: 'Bad' }>;
      readonly length: Length;
    }
  | { readonly kind: 'Unreadable'; readonly sought: Sought };

const unreadable = (
  url: string,
  fault: Omit<Extract<Sought, { kind: 'Unreadable' }>, 'kind' | 'unread'>,
): Head => ({
  kind: 'Unreadable',
  sought: { ...fault, kind: 'Unreadable', unread: unreadOf(url) },
});

/** Where a request wants to go and how long its body is, as far as both can be read in one way only. */
function readHead({ method = '', url = '', rawHeaders }: IncomingMessage): Head {
  const target = targetOf(method, url);
  if (target.kind === 'Bad') return unreadable(url, target);
  const framing = framingOf(method, rawHeaders);
  if (framing.kind === 'Bad') return unreadable(url, { code: 'BadRequest', detail: framing.detail });
  return { kind: 'Read', target, length: framing.length };
}

/** Reads where a request wants to go, before anything else of it, and answers. */
export async function replyTo(exchange: Exchange, gateway: Gateway): Promise<Reply> {
  const head = readHead(exchange.request);
  if (head.kind === 'Unreadable') return replyToCall(head.sought, exchange, { gateway, length: undefined });
  const { target, length } = head;
  switch (target.kind) {
    case 'Call':
      return replyToCall({ ...target, kind: 'Operation' }, exchange, { gateway, length });
    case 'List':
      return replyToList(exchange, gateway);
    case 'McpStream':
      return problemReply('BadMethod', undefined, { allow: 'POST' });
    case 'Mcp': {
      const { request, gone, bodyMilliseconds: milliseconds } = exchange;
      return replyToMcp(
        { request, credentials: credentialsOf(request), gone, length, milliseconds },
        gateway,
      );
    }
  }
}
