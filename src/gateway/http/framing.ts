/** How a request is framed, read out of its raw headers. Pure. */
export type Framing =
  | { readonly kind: 'Plain'; readonly length: number | undefined }
  | { readonly kind: 'Bad'; readonly detail: string };

/** Headers of which a second one would leave the choice to whoever reads them. */
const SINGLE: ReadonlySet<string> = new Set([
  'authorization',
  'content-length',
  'content-type',
  'content-encoding',
  'transfer-encoding',
  'host',
  'expect',
  'accept',
  'mcp-protocol-version',
]);

const MAX_HEADERS = 64;

const bad = (detail: string): Framing => ({ kind: 'Bad', detail });

/** Names in lower case; undefined where one that counts stands twice. */
function singleHeaders(raw: readonly string[]): ReadonlyMap<string, string> | undefined {
  const headers = new Map<string, string>();
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = (raw[index] ?? '').toLowerCase();
    if (SINGLE.has(name) && headers.has(name)) return undefined;
    headers.set(name, raw[index + 1] ?? '');
  }
  return headers;
}

const JSON_TYPE = /^application\/json(?:; ?charset="?utf-8"?)?$/i;

function framingOfBody(headers: ReadonlyMap<string, string>): Framing {
  const length = headers.get('content-length');
  if (length !== undefined && !/^[0-9]{1,9}$/.test(length))
    return bad('Content-Length is not a plain number.');
  const encoding = headers.get('content-encoding') ?? 'identity';
  if (encoding.toLowerCase() !== 'identity') return bad('Content-Encoding is not taken; send plain JSON.');
  if (!JSON_TYPE.test(headers.get('content-type') ?? ''))
    return bad('Content-Type must be application/json.');
  return { kind: 'Plain', length: length === undefined ? undefined : Number(length) };
}

/** Whether a request has a body in one reading only, and of a kind that is read here. `raw`: names and values in turn. */
export function framingOf(method: string, raw: readonly string[]): Framing {
  if (raw.length > MAX_HEADERS * 2) return bad(`At most ${MAX_HEADERS} headers.`);
  const headers = singleHeaders(raw);
  if (!headers) return bad('A header stands twice.');
  const expected = headers.get('expect');
  if (expected !== undefined && expected.toLowerCase() !== '100-continue')
    return bad('Expect may only be 100-continue.');
  const length = headers.get('content-length');
  const transfer = headers.get('transfer-encoding');
  if (transfer !== undefined && length !== undefined)
    return bad('Give either Content-Length or Transfer-Encoding.');
  if (transfer !== undefined && transfer.toLowerCase() !== 'chunked')
    return bad('Transfer-Encoding may only be chunked.');
  if (method === 'POST') return framingOfBody(headers);
  if (transfer !== undefined || (length !== undefined && length !== '0'))
    return bad(`${method.slice(0, 16)} has no body here.`);
  return { kind: 'Plain', length: 0 };
}
