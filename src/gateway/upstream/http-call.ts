import { MAX_JSON_DEPTH } from '../../api/v1alpha1/plugin.ts';
import { readStrictJson } from '../../core/json/strict-json.ts';
import { begin, isType, refuse, wholeBody } from './exchange.ts';
import type { ExchangeBounds, Sent } from './exchange.ts';
import { deadline } from '../deadline.ts';
import { UpstreamFailure, late } from './failure.ts';
import { httpRequest } from './http-request.ts';
import type { Answer, Connected, UpstreamCall } from './upstream-call.ts';

const NO_CONTENT = 204;
const JSON_TYPES = ['application/json', 'application/problem+json', 'text/json'];

/** The header that carries the credential; nothing where the plugin has none. Never in an error. */
export function credentialHeader({ plugin, credential }: UpstreamCall): Readonly<Record<string, string>> {
  const given = plugin.spec.upstream.credential;
  if (!given) return {};
  if (credential === undefined || !/^[\x21-\x7e]{1,8192}$/.test(credential))
    throw new Error('the credential of a plugin is missing, or cannot stand in a header');
  return { [given.header.toLowerCase()]: `${given.prefix}${credential}` };
}

/** Does something within the bounds of a call. */
export async function withBounds<T>(
  { milliseconds, gone, operation, answered }: UpstreamCall,
  act: (bounds: ExchangeBounds) => Promise<T>,
): Promise<T> {
  const { signal, clear } = deadline(milliseconds, gone, late);
  try {
    return await act({ milliseconds, maxBytes: operation.maxResponseBytes, signal, answered });
  } finally {
    clear();
  }
}

async function exchanged({ pool }: Connected, sent: Sent, bounds: ExchangeBounds): Promise<Answer> {
  const response = await begin(pool, sent, bounds);
  const { statusCode } = response;
  if (statusCode < 200 || statusCode > 299)
    refuse(
      response,
      new UpstreamFailure('UpstreamFailed', `It answered with status ${statusCode}.`, {
        counts: statusCode >= 500,
      }),
    );
  const body = await (statusCode === NO_CONTENT || isType(response, ...JSON_TYPES)
    ? wholeBody(response, bounds)
    : refuse(response, new UpstreamFailure('OutputInvalid', 'The answer is not JSON by its content type.')));
  if (statusCode === NO_CONTENT) return { value: null, bytes: 0 };
  const read = readStrictJson(body, MAX_JSON_DEPTH);
  if (!read.ok) throw new UpstreamFailure('OutputInvalid', `The answer is no plain JSON: ${read.problem}.`);
  return { value: read.value, bytes: body.length };
}

/** One request; a second one where the operation says that this does no harm and no answer had begun. */
export async function callHttp(upstream: Connected, call: UpstreamCall): Promise<Answer> {
  const { http, idempotent } = call.operation;
  if (!http) throw new Error('the operation of an HTTP upstream has no request');
  const request = httpRequest(http, call.args, upstream.origin.basePath);
  if (!request.ok) throw new UpstreamFailure('InputInvalid', `/${request.argument} ${request.message}`);
  const { value } = request;
  const sent = { ...value, headers: { ...value.headers, ...credentialHeader(call) } };
  return withBounds(call, async (bounds) => {
    try {
      return await exchanged(upstream, sent, bounds);
    } catch (error) {
      const again =
        idempotent && error instanceof UpstreamFailure && error.beforeAnswer && !bounds.signal.aborted;
      if (!again) throw error;
      return exchanged(upstream, sent, bounds);
    }
  });
}
