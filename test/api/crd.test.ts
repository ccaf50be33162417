import { describe, expect, test } from '@jest/globals';
import { customResourceDefinition, structural } from '../../src/api/crd.ts';
import { KINDS } from '../../src/api/v1alpha1/kinds.ts';

interface Schema {
  readonly [word: string]: unknown;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
}

const definitionOf = (kind: (typeof KINDS)[number]) =>
  customResourceDefinition(kind) as {
    spec: {
      versions: [{ schema: { openAPIV3Schema: Schema }; subresources?: object; selectableFields?: object[] }];
    };
  };
const schemaOf = (kind: (typeof KINDS)[number]): Schema =>
  definitionOf(kind).spec.versions[0].schema.openAPIV3Schema;

function* walk(schema: Schema, path: string): Generator<readonly [string, Schema]> {
  yield [path, schema];
  for (const [name, property] of Object.entries(schema.properties ?? {}))
    yield* walk(property, `${path}.${name}`);
  if (schema.items) yield* walk(schema.items, `${path}[]`);
  if (typeof schema.additionalProperties === 'object') yield* walk(schema.additionalProperties, `${path}.*`);
}

describe.each(KINDS.map((kind) => [kind.kind, kind] as const))('the schema of %s', (_name, kind) => {
  const nodes = [...walk(schemaOf(kind), '')];

  test('says of every field what it is for', () => {
    const fields = nodes.filter(([path]) => /^\.(spec|status)/.test(path) && !/(\[\]|\.\*)$/.test(path));
    expect(fields.length).toBeGreaterThan(5);
    expect(fields.filter(([, { description }]) => !description?.endsWith('.')).map(([path]) => path)).toEqual(
      [],
    );
  });

  test('is structural: every node has one type', () => {
    expect(nodes.filter(([, { type }]) => typeof type !== 'string').map(([path]) => path)).toEqual([]);
  });

  test('has none of the words that Kubernetes refuses or that say nothing', () => {
    const text = JSON.stringify(schemaOf(kind));
    for (const word of [
      '"$schema"',
      '"propertyNames"',
      '"additionalProperties":false',
      '"$ref"',
      '"anyOf"',
      '9007199254740991',
    ])
      expect(text).not.toContain(word);
  });

  test('has a bound for every list and text, so that validation rules stay cheap', () => {
    const lists = nodes.filter(([path, { type }]) => path.startsWith('.spec') && type === 'array');
    expect(lists.filter(([, { maxItems }]) => maxItems === undefined).map(([path]) => path)).toEqual([]);
    const texts = nodes.filter(
      ([path, node]) => path.startsWith('.spec') && node['type'] === 'string' && !node['enum'],
    );
    expect(texts.filter(([, { maxLength }]) => maxLength === undefined).map(([path]) => path)).toEqual([]);
  });

  test('has printer columns that point to fields', () => {
    const known = new Set(nodes.map(([path]) => path));
    for (const { path } of kind.columns) if (!path.startsWith('.metadata')) expect(known).toContain(path);
    for (const path of kind.selectableFields) expect(known).toContain(path);
  });
});

describe('a structural schema', () => {
  test('keeps real bounds, defaults, maps and formats of time', () => {
    expect(
      structural({
        type: 'object',
        additionalProperties: false,
        properties: {
          count: { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER, default: 3 },
          labels: {
            type: 'object',
            propertyNames: { type: 'string' },
            additionalProperties: { type: 'string', $schema: 'x' },
          },
          time: { type: 'string', format: 'date-time', pattern: '^long$' },
          name: { type: 'string', pattern: '^a$', format: 'email' },
        },
      }),
    ).toEqual({
      type: 'object',
      properties: {
        count: { type: 'integer', minimum: 1, default: 3 },
        labels: { type: 'object', additionalProperties: { type: 'string' } },
        time: { type: 'string', format: 'date-time' },
        name: { type: 'string', pattern: '^a$' },
      },
    });
  });

  test('of a request is immutable in spec, and its status is a subresource', () => {
    const request = KINDS.find(({ kind }) => kind === 'CodeExecutionRequest');
    if (!request) throw new Error('no such kind');
    const [version] = definitionOf(request).spec.versions;
    expect(version.schema.openAPIV3Schema.properties?.['spec']).toMatchObject({
      required: ['language', 'code', 'role'],
    });
    const spec = version.schema.openAPIV3Schema.properties?.['spec'];
    const rules = ((spec?.['x-kubernetes-validations'] ?? []) as { rule: string }[]).map(({ rule }) => rule);
    for (const field of Object.keys(spec?.properties ?? {}).filter((name) => name !== 'cancel'))
      expect(rules.filter((rule) => rule.includes(`self.${field} == oldSelf.${field}`))).toHaveLength(1);
    expect(rules).toHaveLength(Object.keys(spec?.properties ?? {}).length);
    expect(version.subresources).toEqual({ status: {} });
  });
});
