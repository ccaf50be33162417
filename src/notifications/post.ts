import { request } from 'node:https';

/** What is sent. */
export interface Post {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** PEM of the authorities to trust instead of the usual ones. */
  readonly ca: string | undefined;
}

/** What came back. */
export interface PostAnswer {
  readonly status: number;
  readonly retryAfterSeconds: number | undefined;
}

/** The whole exchange, from the first packet to the answer's head. */
const TIMEOUT_MILLISECONDS = 10_000;

/**
 * One POST over verified TLS on a connection of its own. A redirect is an answer like others and is not followed; of the answer only its
 * head is read.
 */
export function post({ url, headers, body, ca }: Post, signal: AbortSignal): Promise<PostAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<PostAnswer>();
  const limit = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MILLISECONDS)]);
  const sent = request(url, {
    ...{ method: 'POST', headers, signal: limit, agent: false, minVersion: 'TLSv1.2' },
    ...(ca === undefined ? {} : { ca }),
  });
  sent.on('response', (answer) => {
    const seconds = Number(answer.headers['retry-after']);
    resolve({
      status: answer.statusCode ?? 0,
      retryAfterSeconds: Number.isFinite(seconds) && seconds > 0 ? seconds : undefined,
    });
    answer.destroy();
  });
  sent.on('error', reject);
  sent.end(body);
  return promise;
}
