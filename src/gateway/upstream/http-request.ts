import type { Operation } from '../../api/v1alpha1/plugin.ts';
import type { Json, JsonObject } from '../../core/json/strict-json.ts';
import type { Sent } from './exchange.ts';

export type HttpRequest =
  | { readonly ok: true; readonly value: Sent }
  /** An argument that cannot stand where it belongs. */
  | { readonly ok: false; readonly argument: string; readonly message: string };

type Http = NonNullable<Operation['http']>;

class Misplaced extends Error {
  readonly argument: string;
  constructor(argument: string, message: string) {
    super(message);
    this.argument = argument;
  }
}

const PLACEHOLDER = /\{([A-Za-z][A-Za-z0-9_]*)\}/g;
const HEADER_VALUE = /^[\x21-\x7e](?:[\x20-\x7e]{0,1022}[\x21-\x7e])?$/;
const MAX_PATH = 8192;

const isScalar = (value: Json | undefined): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

/** Nothing but letters, digits and -._~ stays as it is. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** Some servers decode %2F before they look at the path: no part of a value may be a step up or nothing. */
const climbs = (text: string): boolean =>
  text.split(/[/\\]/).some((part) => part === '' || /^\.{1,2}$/.test(part));

function segment(name: string, value: Json | undefined): string {
  if (!isScalar(value)) throw new Misplaced(name, 'is part of the path: give a text or a number');
  if (climbs(String(value)) || /[\u0000-\u001f\u007f]/.test(String(value)))
    throw new Misplaced(
      name,
      'is part of the path: it may not be empty, "." or "..", or hold control characters',
    );
  return encoded(String(value));
}

function queryPart(name: string, value: Json): string {
  const values: readonly Json[] = Array.isArray(value) ? value : [value];
  return values
    .map((one) => {
      if (!isScalar(one))
        throw new Misplaced(name, 'is part of the query: give a text, a number or a list of them');
      return `${encoded(name)}=${encoded(String(one))}`;
    })
    .join('&');
}

function headerValue(name: string, value: Json): string {
  if (!isScalar(value) || !HEADER_VALUE.test(String(value)))
    throw new Misplaced(name, 'is a header: give 1 to 1024 printable ASCII characters');
  return String(value);
}

/** An argument by its name; names of what every object has are none. */
const argument = (args: JsonObject, name: string): Json | undefined =>
  Object.hasOwn(args, name) ? args[name] : undefined;

/** What a place of the request is given, if anything. */
function placed<T>(args: JsonObject, name: string, put: (name: string, value: Json) => T): readonly T[] {
  const value = argument(args, name);
  return value === undefined || value === null ? [] : [put(name, value)];
}

/** What goes into the body: all that stands nowhere else. */
function restOf(args: JsonObject, taken: ReadonlySet<string>): JsonObject {
  const rest: Record<string, Json> = {};
  for (const [name, value] of Object.entries(args)) if (!taken.has(name)) rest[name] = value;
  return rest;
}

export const placeholders = (path: string): readonly string[] =>
  [...path.matchAll(PLACEHOLDER)].map(([, name]) => name ?? '');

function sentAs(http: Http, args: JsonObject, basePath: string): Sent {
  const inPath = placeholders(http.path);
  const path =
    basePath + http.path.replaceAll(PLACEHOLDER, (_all, name: string) => segment(name, argument(args, name)));
  const query = (http.query ?? [])
    .flatMap((name) => placed(args, name, queryPart))
    .filter((part) => part !== '')
    .join('&');
  const headers = Object.fromEntries(
    Object.entries(http.headers ?? {}).flatMap(([header, name]) =>
      placed(args, name, headerValue).map((value) => [header.toLowerCase(), value]),
    ),
  );
  const rest = restOf(
    args,
    new Set([...inPath, ...(http.query ?? []), ...Object.values(http.headers ?? {})]),
  );
  const whole = query === '' ? path : `${path}?${query}`;
  if (whole.length > MAX_PATH)
    throw new Misplaced(inPath[0] ?? http.query?.[0] ?? '', 'makes the path too long');
  const accept = { accept: 'application/json' };
  if (http.method === 'GET' || http.method === 'DELETE') {
    const [left] = Object.keys(rest);
    if (left !== undefined) throw new Misplaced(left, `has no place in a ${http.method}`);
    return { method: http.method, path: whole, headers: { ...headers, ...accept } };
  }
  return {
    method: http.method,
    path: whole,
    headers: { ...headers, ...accept, 'content-type': 'application/json' },
    body: JSON.stringify(rest),
  };
}

/** The request that an operation is with these arguments. Pure. */
export function httpRequest(http: Http, args: JsonObject, basePath: string): HttpRequest {
  try {
    return { ok: true, value: sentAs(http, args, basePath) };
  } catch (error) {
    if (error instanceof Misplaced) return { ok: false, argument: error.argument, message: error.message };
    throw error;
  }
}
