import { createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Refusal } from './refusal.ts';

/** Whoever calls, as far as this process knows: a token that the API server will judge. */
export interface Caller {
  /** The value of the Authorization header to speak with. */
  readonly authorization: string;
  /** The same for the same token; tells nothing of it. */
  readonly key: string;
}

/** RFC 6750, and nothing that would break out of a header. */
const BEARER = /^Bearer ([A-Za-z0-9._~+/-]{1,24576}=*)$/i;

/** The caller of a call, by the token that they, or the proxy before us, sent with it. `secret` is of this process alone. */
export function callerOf({ authorization }: IncomingHttpHeaders, secret: Buffer): Caller {
  const token = BEARER.exec(authorization ?? '')?.[1];
  if (token === undefined) throw new Refusal(401, 'SignIn', 'A bearer token is needed.');
  return {
    authorization: `Bearer ${token}`,
    key: createHmac('sha256', secret).update(token).digest('base64'),
  };
}
