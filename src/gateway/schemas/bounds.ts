import { MAX_JSON_DEPTH } from '../../api/v1alpha1/plugin.ts';
import { FORMATS } from './formats.ts';
import { isKeyword, isSchema, schemasBelow } from './keywords.ts';
import type { Schema } from './keywords.ts';

export interface SchemaError {
  /** Below the schema, for example .properties.days; empty for the schema itself. */
  readonly path: string;
  readonly message: string;
}

const MAX_BYTES = 65_536;
/** Schemas once every $ref is followed: what a value can be held against at most, at one place. */
const MAX_EXPANDED = 2000;
const MAX_PATTERN = 256;
/** Members of a list are compared with one another: the square of this. */
const MAX_UNIQUE_ITEMS = 256;

const DRAFT = 'https://json-schema.org/draft/2020-12/schema';
const LOCAL_REF = /^#\/\$defs\/[A-Za-z0-9_.-]{1,64}$/;
const FORBIDDEN_NAMES: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

function depthOf(value: unknown, levels = 1): number {
  if (value === null || typeof value !== 'object') return levels - 1;
  if (levels > MAX_JSON_DEPTH) return levels;
  return Math.max(levels, ...Object.values(value).map((inner) => depthOf(inner, levels + 1)));
}

function forbiddenName(value: unknown): string | undefined {
  if (value === null || typeof value !== 'object') return undefined;
  const own = Object.keys(value).find((key) => FORBIDDEN_NAMES.has(key));
  if (own !== undefined) return own;
  for (const inner of Object.values(value)) {
    const found = forbiddenName(inner);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What one schema says wrongly by itself. */
function* ownFaults(schema: Schema): Iterable<string> {
  for (const keyword of Object.keys(schema))
    if (!isKeyword(keyword)) yield `${keyword} is no keyword that is understood here; take it out`;
  const { $ref, $schema, format, pattern, uniqueItems, maxItems } = schema;
  if ($schema !== undefined && $schema !== DRAFT) yield `$schema can only be ${DRAFT}`;
  if ($ref !== undefined && !(typeof $ref === 'string' && LOCAL_REF.test($ref)))
    yield `$ref can only be #/$defs/NAME of the same schema`;
  if (format !== undefined && !(typeof format === 'string' && Object.hasOwn(FORMATS, format)))
    yield `format can be ${Object.keys(FORMATS).join(', ')}; write a pattern for others`;
  if (typeof pattern === 'string' && pattern.length > MAX_PATTERN)
    yield `pattern has ${pattern.length} characters; at most ${MAX_PATTERN} are allowed`;
  if (uniqueItems === true && !(typeof maxItems === 'number' && maxItems <= MAX_UNIQUE_ITEMS))
    yield `uniqueItems needs maxItems of at most ${MAX_UNIQUE_ITEMS} beside it`;
}

function* faultsBelow(schema: Schema, path: string): Iterable<SchemaError> {
  for (const message of ownFaults(schema)) yield { path, message };
  for (const below of schemasBelow(schema)) {
    const { $defs } = below.schema;
    if ($defs !== undefined)
      yield { path: `${path}${below.path}`, message: '$defs can only stand at the top' };
    yield* faultsBelow(below.schema, `${path}${below.path}`);
  }
}

/** How many schemas there are once every $ref is followed; Infinity where a $ref leads back to itself. */
function expandedSize(root: Schema): number {
  const definitions = isSchema(root['$defs']) ? root['$defs'] : {};
  const known = new Map<string, number>();
  const sizeOf = (schema: Schema): number => {
    let size = 1;
    if (typeof schema['$ref'] === 'string') size += sizeOfDefinition(schema['$ref'].slice('#/$defs/'.length));
    for (const below of schemasBelow(schema)) if (below.keyword !== '$defs') size += sizeOf(below.schema);
    return size;
  };
  const sizeOfDefinition = (name: string): number => {
    const before = known.get(name);
    if (before !== undefined) return before;
    known.set(name, Infinity);
    const definition = definitions[name];
    const size = isSchema(definition) ? sizeOf(definition) : 1;
    known.set(name, size);
    return size;
  };
  return sizeOf(root);
}

const whole = (message: string): readonly SchemaError[] => [{ path: '', message }];

/** What makes a schema unfit before anybody compiles it: too large, too deep, a way to read it differently, work without bounds. */
export function boundFaults(schema: Schema): readonly SchemaError[] {
  if (depthOf(schema) > MAX_JSON_DEPTH) return whole(`more than ${MAX_JSON_DEPTH} levels deep`);
  const bytes = Buffer.byteLength(JSON.stringify(schema));
  if (bytes > MAX_BYTES) return whole(`has ${bytes} bytes; at most ${MAX_BYTES} are allowed`);
  const name = forbiddenName(schema);
  if (name !== undefined) return whole(`the name ${name} is not allowed`);
  const faults = [...faultsBelow(schema, '')];
  if (faults.length > 0) return faults;
  const size = expandedSize(schema);
  if (size === Infinity) return whole('a $ref leads back to itself; write the levels out');
  return size > MAX_EXPANDED ? whole(`is more than ${MAX_EXPANDED} schemas once every $ref is followed`) : [];
}
