import { isSchema } from './keywords.ts';
import type { Schema } from './keywords.ts';

const COMPOSITIONS = ['allOf', 'anyOf', 'oneOf', 'if', '$ref', 'dependentSchemas'];
/** Each stands for the whole value where nothing is said beside it. */
const ALTERNATIVES: ReadonlySet<string> = new Set(['anyOf', 'oneOf']);
/** Each says something more about a value that the schema above describes. */
const ADDITIONS: ReadonlySet<string> = new Set(['allOf', 'if', 'then', 'else', 'not', 'dependentSchemas']);
const PLACES: ReadonlySet<string> = new Set([
  'properties',
  'patternProperties',
  'additionalProperties',
  'items',
  'prefixItems',
  'contains',
  '$defs',
]);

function isOfObjects(schema: Schema): boolean {
  const { type } = schema;
  return type === 'object' || (Array.isArray(type) && type.includes('object')) || 'properties' in schema;
}

const saysItself = (schema: Schema): boolean =>
  'additionalProperties' in schema || 'unevaluatedProperties' in schema;

/** One schema, a list of them, or a map of them. */
function eachWithin(value: unknown, change: (schema: Schema) => Schema, isMap: boolean): unknown {
  if (Array.isArray(value)) return value.map((one: unknown) => (isSchema(one) ? change(one) : one));
  if (!isSchema(value)) return value;
  if (!isMap) return change(value);
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, isSchema(one) ? change(one) : one]),
  );
}

const MAPS: ReadonlySet<string> = new Set(['properties', 'patternProperties', 'dependentSchemas', '$defs']);

function closedWithin(schema: Schema, addsToAnother: boolean): Schema {
  const ofObjects = isOfObjects(schema);
  const within = (keyword: string, value: unknown): unknown => {
    const isMap = MAPS.has(keyword);
    if (PLACES.has(keyword)) return eachWithin(value, (one) => closedWithin(one, false), isMap);
    if (ADDITIONS.has(keyword)) return eachWithin(value, (one) => closedWithin(one, true), isMap);
    if (ALTERNATIVES.has(keyword))
      return eachWithin(value, (one) => closedWithin(one, addsToAnother || ofObjects), isMap);
    return value;
  };
  const inner = Object.fromEntries(
    Object.entries(schema).map(([keyword, value]) => [keyword, within(keyword, value)]),
  );
  if (!ofObjects || addsToAnother || saysItself(schema)) return inner;
  const composed = COMPOSITIONS.some((keyword) => keyword in schema);
  return { ...inner, [composed ? 'unevaluatedProperties' : 'additionalProperties']: false };
}

/** The schema with `false` for all further properties of every object that does not speak of them itself. */
export const closed = (schema: Schema): Schema => closedWithin(schema, false);
