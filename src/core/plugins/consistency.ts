import type { FieldError, Plugin } from '../../api/parse.ts';
import type { Operation } from '../../api/v1alpha1/plugin.ts';

/** Headers that belong to the connection, to the body, or to the gateway; no argument may set them. */
const OWN_HEADERS = new Set([
  ...['host', 'connection', 'keep-alive', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'expect'],
  ...['content-length', 'content-type', 'content-encoding', 'accept-encoding', 'proxy-authorization'],
  ...['authorization', 'cookie', 'forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'],
]);

const placeholdersIn = (path: string): readonly string[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);

interface Schema {
  readonly type?: unknown;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly required?: readonly string[];
}

const propertiesOf = ({ input }: Operation): readonly string[] =>
  Object.keys((input as Schema).properties ?? {});

const error = (path: string, message: string): FieldError => ({ path, message: `${path} ${message}` });

/** Where arguments go: each that is named must be one of the schema's, in one place, and none may be left over where there is no body. */
function placeErrors({ http, input, ...operation }: Operation, at: string): readonly FieldError[] {
  if (!http) return [];
  const known = propertiesOf({ ...operation, http, input });
  const required = new Set((input as Schema).required ?? []);
  const inPath = placeholdersIn(http.path);
  const placed = [...inPath, ...(http.query ?? []), ...Object.values(http.headers ?? {})];
  const twice = placed.filter((name, index) => placed.indexOf(name) !== index);
  const bodiless = http.method === 'GET' || http.method === 'DELETE';
  const left = bodiless ? known.filter((name) => !placed.includes(name)) : [];
  return [
    ...placed
      .filter((name) => !known.includes(name))
      .map((name) =>
        error(`${at}.http`, `places "${name}", which input.properties does not have. Add it there.`),
      ),
    ...twice.map((name) => error(`${at}.http`, `places "${name}" twice. Name it in one place.`)),
    ...inPath
      .filter((name) => known.includes(name) && !required.has(name))
      .map((name) =>
        error(`${at}.input.required`, `lacks "${name}", without which the path cannot be written. Add it.`),
      ),
    ...left.map((name) =>
      error(
        `${at}.http`,
        `has no place for "${name}": a ${http.method} has no body. Add it to query or path.`,
      ),
    ),
  ];
}

function headerErrors(
  { http }: Operation,
  credential: string | undefined,
  at: string,
): readonly FieldError[] {
  return Object.keys(http?.headers ?? {})
    .filter((header) => OWN_HEADERS.has(header.toLowerCase()) || header.toLowerCase() === credential)
    .map((header) =>
      error(`${at}.http.headers`, `names "${header}", which no argument may set. Leave it out.`),
    );
}

const inputErrors = ({ input }: Operation, at: string): readonly FieldError[] =>
  (input as Schema).type === 'object'
    ? []
    : [
        error(
          `${at}.input.type`,
          'must be "object": arguments have names. Wrap what is meant in a property.',
        ),
      ];

function rangeErrors({ spec }: Plugin): readonly FieldError[] {
  return (spec.upstream.allowedCIDRs ?? []).flatMap((range, index) =>
    /^[0-9a-fA-F.:]+\/[0-9]{1,3}$/.test(range)
      ? []
      : [
          error(
            `spec.upstream.allowedCIDRs[${index}]`,
            `is "${range}", which is no range of addresses. Write it as 10.96.0.0/12.`,
          ),
        ],
  );
}

/** What of a plugin contradicts itself, beyond what its schema says. Pure; none when it can be called as it says. */
export function inconsistencies(plugin: Plugin): readonly FieldError[] {
  const { credential } = plugin.spec.upstream;
  return [
    ...rangeErrors(plugin),
    ...plugin.spec.operations.flatMap((operation, index) => {
      const at = `spec.operations[${index}]`;
      return [
        ...inputErrors(operation, at),
        ...placeErrors(operation, at),
        ...headerErrors(operation, credential?.header.toLowerCase(), at),
      ];
    }),
  ];
}
