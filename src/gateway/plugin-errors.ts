import type { Plugin } from '../api/parse.ts';
import type { Operation } from '../api/v1alpha1/plugin.ts';
import { schemaErrors } from './schemas/index.ts';
import type { SchemaError } from './schemas/bounds.ts';
import { isSchema } from './schemas/keywords.ts';
import { namesOfTool, toolName } from './target.ts';
import { judgeAddress, rangeOf } from './upstream/address.ts';
import { placeholders } from './upstream/http-request.ts';
import { isAddress, originOf } from './upstream/origin.ts';

/** Headers that say how a message is framed, where it goes, or in what form it comes: the gateway's own to set. */
const OWN_HEADERS: ReadonlySet<string> = new Set([
  'host',
  'content-length',
  'content-type',
  'content-encoding',
  'transfer-encoding',
  'accept',
  'accept-encoding',
  'connection',
  'keep-alive',
  'upgrade',
  'te',
  'trailer',
  'expect',
  'user-agent',
  'via',
  'forwarded',
  'mcp-session-id',
  'mcp-protocol-version',
]);
const isOwnHeader = (name: string): boolean =>
  OWN_HEADERS.has(name.toLowerCase()) || /^(?:proxy-|x-forwarded-)/i.test(name);

function* upstreamErrors({
  url,
  allowedCIDRs = [],
  credential,
}: Plugin['spec']['upstream']): Iterable<SchemaError> {
  const origin = originOf(url);
  if (!origin.ok) yield { path: '.url', message: origin.message };
  else if (
    isAddress(origin.value.hostname) &&
    judgeAddress(origin.value.hostname, allowedCIDRs) === 'Forbidden'
  )
    yield {
      path: '.url',
      message: `leads to ${origin.value.hostname}, which may not be reached; a range of allowedCIDRs can only open private addresses`,
    };
  for (const [index, cidr] of allowedCIDRs.entries())
    if (!rangeOf(cidr))
      yield { path: `.allowedCIDRs[${index}]`, message: `${cidr} is no range; write it like 10.96.0.0/12` };
  if (credential && isOwnHeader(credential.header))
    yield {
      path: '.credential.header',
      message: `${credential.header} is set by the gateway; choose another`,
    };
}

function* placeErrors(
  http: NonNullable<Operation['http']>,
  input: Operation['input'],
): Iterable<SchemaError> {
  const properties = isSchema(input['properties']) ? Object.keys(input['properties']) : [];
  const required: readonly unknown[] = Array.isArray(input['required']) ? input['required'] : [];
  const inPath = placeholders(http.path);
  const inHeaders = Object.entries(http.headers ?? {});
  const placed = [...inPath, ...(http.query ?? []), ...inHeaders.map(([, name]) => name)];
  const unknown = placed.find((name) => !properties.includes(name));
  if (unknown !== undefined)
    yield { path: '.http', message: `places "${unknown}", which input.properties does not have` };
  const optional = inPath.find((name) => !required.includes(name));
  if (optional !== undefined)
    yield { path: '.http.path', message: `needs "${optional}"; list it in input.required` };
  if (new Set(placed).size < placed.length)
    yield { path: '.http', message: 'puts an argument into two places; choose one' };
  const left = properties.find((name) => !placed.includes(name));
  if ((http.method === 'GET' || http.method === 'DELETE') && left !== undefined)
    yield { path: '.http', message: `"${left}" has no place in a ${http.method}; list it in query` };
  for (const [header] of inHeaders)
    if (isOwnHeader(header))
      yield { path: `.http.headers.${header}`, message: 'is set by the gateway; choose another' };
}

function* operationErrors({ metadata, spec }: Plugin, operation: Operation): Iterable<SchemaError> {
  if (!namesOfTool(toolName(metadata.name, operation.name)))
    yield { path: '.name', message: `${operation.name} holds two underscores in a row; use one` };
  if (!operation.http) return;
  yield* placeErrors(operation.http, operation.input);
  const credential = spec.upstream.credential?.header.toLowerCase();
  const taken = Object.keys(operation.http.headers ?? {}).find((name) =>
    ['authorization', credential].includes(name.toLowerCase()),
  );
  if (taken !== undefined)
    yield {
      path: `.http.headers.${taken}`,
      message: 'carries the credential of the plugin; no argument goes there',
    };
}

const below = (path: string, errors: Iterable<SchemaError>): readonly SchemaError[] =>
  [...errors].map((error) => ({ path: `${path}${error.path}`, message: error.message }));

/** Everything that is wrong with a Plugin and that its CRD cannot say: for admission, and for `sekisho check`. */
export const pluginErrors = (plugin: Plugin): readonly SchemaError[] => [
  ...below('spec.upstream', upstreamErrors(plugin.spec.upstream)),
  ...plugin.spec.operations.flatMap((operation, index) =>
    below(`spec.operations[${index}]`, operationErrors(plugin, operation)),
  ),
  ...schemaErrors(plugin),
];
