import type { ServerResponse } from 'node:http';
import type { Sought } from '../call.ts';
import type { CallResult } from '../run-call.ts';
import { callPath } from '../target.ts';
import { REFUSALS } from '../refusal.ts';
import type { RefusalCode } from '../refusal.ts';

/** An answer of the gateway, before it is written to a socket. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const JSON_TYPE = 'application/json';

export const jsonReply = (status: number, value: unknown, headers = {}): Reply => ({
  status,
  headers: { 'content-type': JSON_TYPE, ...headers },
  body: JSON.stringify(value),
});

/** RFC 9457. `detail` says what is wrong with this call; `title` what the code means. */
export function problemReply(
  code: RefusalCode,
  detail?: string,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  const { status, sentence } = REFUSALS[code];
  const problem = {
    type: `urn:sekisho:refusal:${code}`,
    title: sentence,
    status,
    code,
    ...(detail === undefined ? {} : { detail }),
  };
  return jsonReply(status, problem, {
    'content-type': 'application/problem+json',
    ...(code === 'Unauthenticated' ? { 'www-authenticate': 'Bearer' } : {}),
    ...headers,
  });
}

const retryAfter = (seconds: number | undefined): Readonly<Record<string, string>> =>
  seconds === undefined ? {} : { 'retry-after': String(seconds) };

const ACCEPTED = 202;
const CALL_DIGEST_HEADER = 'sekisho-call-digest';

const allowed = (sought: Sought, code: RefusalCode): Readonly<Record<string, string>> =>
  code === 'BadMethod' && sought.kind === 'Unreadable' && sought.allow ? { allow: sought.allow } : {};

const locationOf = (sought: Sought): Readonly<Record<string, string>> =>
  sought.kind === 'Operation' ? { location: callPath(sought.plugin, sought.operation) } : {};

/** What became of a call. One that waits is made again, with the same arguments, at the same place. */
export function callReply(sought: Sought, result: CallResult): Reply {
  switch (result.kind) {
    case 'Done':
      return jsonReply(200, { output: result.answer });
    case 'Refuse':
      return problemReply(result.code, result.detail, {
        ...retryAfter(result.retryAfterSeconds),
        ...allowed(sought, result.code),
      });
    case 'Wait':
      return jsonReply(
        ACCEPTED,
        {
          state: 'WaitingForApproval',
          callDigest: result.digest,
          detail:
            'A person has to approve this call. Make it again, with the same arguments, after Retry-After.',
        },
        {
          ...retryAfter(result.retryAfterSeconds),
          ...locationOf(sought),
          [CALL_DIGEST_HEADER]: result.digest,
        },
      );
  }
}

const FIXED = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' } as const;

/** Writes a reply; `goOn` tells whether another request may follow on this connection. */
export function send(response: ServerResponse, reply: Reply, goOn: boolean): void {
  if (response.destroyed || response.headersSent) return;
  response.writeHead(reply.status, {
    ...FIXED,
    ...reply.headers,
    'content-length': Buffer.byteLength(reply.body),
    ...(goOn ? {} : { connection: 'close' }),
  });
  response.end(reply.body);
}

/** A whole answer for a connection whose request could not even be parsed. */
export function rawReply(reply: Reply): string {
  const headers = {
    ...FIXED,
    ...reply.headers,
    'content-length': Buffer.byteLength(reply.body),
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${reply.status} Refused`, ...lines, '', reply.body].join('\r\n');
}
