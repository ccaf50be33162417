/** The part of JSON Schema 2020-12 that is understood, by what stands below a keyword. Every other keyword is refused. */
export const BELOW = {
  One: [
    'additionalProperties',
    'unevaluatedProperties',
    'propertyNames',
    'items',
    'unevaluatedItems',
    'contains',
    'not',
    'if',
    'then',
    'else',
  ],
  List: ['allOf', 'anyOf', 'oneOf', 'prefixItems'],
  Map: ['properties', 'patternProperties', 'dependentSchemas', '$defs'],
  Nothing: [
    '$schema',
    '$ref',
    '$comment',
    'title',
    'description',
    'default',
    'examples',
    'deprecated',
    'readOnly',
    'writeOnly',
    'type',
    'enum',
    'const',
    'multipleOf',
    'maximum',
    'exclusiveMaximum',
    'minimum',
    'exclusiveMinimum',
    'maxLength',
    'minLength',
    'pattern',
    'format',
    'maxItems',
    'minItems',
    'uniqueItems',
    'maxContains',
    'minContains',
    'maxProperties',
    'minProperties',
    'required',
    'dependentRequired',
  ],
} as const;

export type Schema = Readonly<Record<string, unknown>>;

export const isSchema = (value: unknown): value is Schema =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** A schema below another one, and the way there. */
export interface Below {
  readonly keyword: string;
  readonly path: string;
  readonly schema: Schema;
}

type Where = keyof typeof BELOW;

const WHERE: ReadonlyMap<string, Where> = new Map(
  (Object.keys(BELOW) as Where[]).flatMap((where) =>
    BELOW[where].map((keyword) => [keyword, where] as const),
  ),
);

export const isKeyword = (keyword: string): boolean => WHERE.has(keyword);

function membersOf(where: Where, value: unknown): readonly (readonly [string, unknown])[] {
  if (where === 'One') return [['', value]];
  if (where === 'List' && Array.isArray(value))
    return value.map((one: unknown, index) => [`[${index}]`, one] as const);
  if (where === 'Map' && isSchema(value))
    return Object.entries(value).map(([key, one]) => [`.${key}`, one] as const);
  return [];
}

/** The schemas directly below one. True and false are none. */
export const schemasBelow = (schema: Schema): readonly Below[] =>
  Object.entries(schema).flatMap(([keyword, value]) =>
    membersOf(WHERE.get(keyword) ?? 'Nothing', value).flatMap(([step, one]) =>
      isSchema(one) ? [{ keyword, path: `.${keyword}${step}`, schema: one }] : [],
    ),
  );
