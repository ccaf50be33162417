import { describe, expect, test } from '@jest/globals';
import { schemaErrors, createSchemaCache } from '../../src/gateway/schemas/index.ts';
import { closed } from '../../src/gateway/schemas/closed.ts';
import type { Json } from '../../src/core/json/strict-json.ts';
import { aPlugin, anOperation } from './support/plugins.ts';

const checksOf = (schemas: object) => {
  const plugin = aPlugin({ operations: [anOperation(schemas)] });
  const [operation] = plugin.spec.operations;
  if (!operation) throw new Error('no operation');
  return createSchemaCache().checksOf(plugin, operation);
};
const inputMisfit = (input: object, value: Json) => checksOf({ input }).input(value);
const messagesFor = (schemas: object): readonly string[] =>
  schemaErrors(aPlugin({ operations: [anOperation(schemas)] })).map(
    ({ path, message }) => `${path}: ${message}`,
  );

const deep = (levels: number): object =>
  levels === 0 ? { type: 'string' } : { type: 'object', properties: { a: deep(levels - 1) } };

describe('schemas that are refused when a Plugin is stored', () => {
  test.each([
    [
      'arguments without names',
      { input: { type: 'string' } },
      'spec.operations[0].input.type: must be object',
    ],
    [
      'a remote $ref',
      { output: { $ref: 'https://example.com/s.json' } },
      'output: $ref can only be #/$defs/NAME',
    ],
    ['a $ref into itself', { output: { $ref: '#' } }, '$ref can only be'],
    ['an $id', { output: { $id: 'https://example.com/s', type: 'object' } }, '$id is no keyword'],
    [
      'an $anchor',
      { output: { type: 'object', properties: { a: { $anchor: 'x' } } } },
      'output.properties.a: $anchor',
    ],
    ['a $dynamicRef', { output: { $dynamicRef: '#x' } }, '$dynamicRef is no keyword'],
    [
      'another draft',
      { output: { $schema: 'http://json-schema.org/draft-07/schema#' } },
      '$schema can only be',
    ],
    ['an unknown keyword', { output: { type: 'object', propertys: {} } }, 'propertys is no keyword'],
    ['an unknown format', { output: { type: 'string', format: 'regex' } }, 'format can be date, date-time'],
    [
      'a pattern with a back-reference',
      { output: { type: 'string', pattern: String.raw`(a)\1` } },
      'output: ',
    ],
    ['a pattern with a look-ahead', { output: { type: 'string', pattern: '(?=a)b' } }, 'output: '],
    [
      'a pattern that is too long',
      { output: { type: 'string', pattern: 'a'.repeat(257) } },
      'pattern has 257 characters',
    ],
    ['a type that does not exist', { output: { type: 'text' } }, 'output: '],
    ['an impossible bound', { output: { type: 'string', maxLength: -1 } }, 'output: '],
    ['a keyword of another type', { output: { type: 'string', minimum: 3 } }, 'output: '],
    [
      'uniqueItems without maxItems',
      { output: { type: 'array', items: {}, uniqueItems: true } },
      'uniqueItems needs maxItems',
    ],
    ['too deep', { input: deep(10) }, 'more than 16 levels deep'],
    [
      'too large',
      { output: { type: 'string', enum: Array.from({ length: 5000 }, (_, n) => `value ${n} of many`) } },
      'bytes; at most 65536',
    ],
    [
      'a name of JavaScript',
      { input: { type: 'object', properties: { constructor: {} } } },
      'the name constructor is not allowed',
    ],
    [
      'a $ref in a circle',
      { output: { $ref: '#/$defs/a', $defs: { a: { type: 'array', items: { $ref: '#/$defs/a' } } } } },
      'a $ref leads back to itself',
    ],
    [
      '$defs inside',
      { output: { type: 'array', items: { $defs: { a: {} } } } },
      '$defs can only stand at the top',
    ],
    ['a $ref to nothing', { output: { $ref: '#/$defs/none', $defs: {} } }, "can't resolve reference"],
  ])('%s', (_name, schemas, want) => {
    expect(messagesFor(schemas).join('\n')).toContain(want);
  });

  test('a bomb of $refs', () => {
    const $defs = Object.fromEntries(
      Array.from({ length: 24 }, (_, n) => [
        `d${n}`,
        n === 0
          ? { type: 'string' }
          : { allOf: [{ $ref: `#/$defs/d${n - 1}` }, { $ref: `#/$defs/d${n - 1}` }] },
      ]),
    );
    expect(messagesFor({ output: { $ref: '#/$defs/d23', $defs } }).join()).toContain(
      'more than 2000 schemas',
    );
  });

  test('__proto__ as a name', () => {
    const properties = JSON.parse('{"__proto__": {"type": "string"}}') as object;
    expect(messagesFor({ output: { type: 'object', properties } }).join()).toContain('the name __proto__');
  });

  test('an honest one is not', () => {
    expect(
      messagesFor({
        input: {
          $schema: 'https://json-schema.org/draft/2020-12/schema',
          type: 'object',
          properties: {
            from: { type: 'string', format: 'date-time' },
            who: { $ref: '#/$defs/person' },
            tags: {
              type: 'array',
              items: { type: 'string', pattern: '^[a-z]+$' },
              uniqueItems: true,
              maxItems: 10,
            },
          },
          required: ['from'],
          $defs: { person: { type: 'object', properties: { mail: { type: 'string', format: 'email' } } } },
        },
      }),
    ).toEqual([]);
  });
});

describe('what does not fit', () => {
  const days = { type: 'object', properties: { days: { type: 'integer', minimum: 1 } }, required: ['days'] };
  test.each<[string, object, Json, string, string]>([
    ['a missing argument', days, {}, '', "must have required property 'days'"],
    ['another type', days, { days: '1' }, '/days', 'must be integer'],
    ['below the minimum', days, { days: 0 }, '/days', 'must be >= 1'],
    ['a name that is not there', days, { days: 1, weeks: 2 }, '', 'has no "weeks"; there are "days"'],
    ['no object', days, [], '', 'must be object'],
    [
      'none of the values',
      { type: 'object', properties: { colour: { type: 'string', enum: ['red', 'blue'] } } },
      { colour: 'hunter2' },
      '/colour',
      'must be one of "red", "blue"',
    ],
    [
      'not of the format',
      { type: 'object', properties: { at: { type: 'string', format: 'date' } } },
      { at: '2026-02-30' },
      '/at',
      'must match format "date"',
    ],
  ])('%s', (_name, input, value, pointer, message) => {
    expect(inputMisfit(input, value)).toEqual({ pointer, message });
  });

  test('no message holds the value', () => {
    const misfit = inputMisfit(
      { type: 'object', properties: { a: { type: 'string', pattern: '^x' } } },
      { a: 'hunter2' },
    );
    expect(JSON.stringify(misfit)).not.toContain('hunter2');
  });

  test('a name of Object is not there unless it was given', () => {
    expect(
      inputMisfit(
        { type: 'object', properties: { toString: { type: 'string' } }, required: ['toString'] },
        {},
      ),
    ).toMatchObject({
      message: "must have required property 'toString'",
    });
  });

  test('a pattern that would take for ever elsewhere', () => {
    const before = performance.now();
    const schema = { type: 'object', properties: { a: { type: 'string', pattern: '^(a+)+$' } } };
    expect(inputMisfit(schema, { a: `${'a'.repeat(4000)}!` })).toMatchObject({ pointer: '/a' });
    expect(performance.now() - before).toBeLessThan(2000);
  });

  test('a text too long for its pattern, also where not fitting would be right', () => {
    const schema = { type: 'object', properties: { a: { not: { type: 'string', pattern: 'evil' } } } };
    expect(inputMisfit(schema, { a: `${'a'.repeat(5000)}evil` })?.message).toContain(
      'more than 4096 characters',
    );
  });
});

describe('further properties of arguments', () => {
  const inner = { type: 'object', properties: { b: { type: 'string' } } };
  test.each<[string, object, Json, boolean]>([
    ['at the top', inner, { c: 1 }, false],
    ['below', { type: 'object', properties: { a: inner } }, { a: { c: 1 } }, false],
    [
      'in lists',
      { type: 'object', properties: { a: { type: 'array', items: inner } } },
      { a: [{ c: 1 }] },
      false,
    ],
    [
      'by reference',
      { type: 'object', properties: { a: { $ref: '#/$defs/x' } }, $defs: { x: inner } },
      { a: { c: 1 } },
      false,
    ],
    [
      'in alternatives',
      { type: 'object', properties: { a: { anyOf: [inner, { type: 'string' }] } } },
      { a: { c: 1 } },
      false,
    ],
    [
      'beside alternatives, of none',
      { ...inner, anyOf: [{ required: ['b'] }, { properties: { c: { type: 'number' } } }] },
      { b: 'x', z: 1 },
      false,
    ],
    [
      'beside alternatives, of one',
      { ...inner, oneOf: [{ properties: { c: { type: 'number' } }, required: ['c'] }] },
      { b: 'x', c: 1 },
      true,
    ],
    [
      'in what must all hold',
      { ...inner, allOf: [{ properties: { c: { type: 'number' } } }] },
      { b: 'x', c: 1 },
      true,
    ],
    ['where the schema allows them', { ...inner, additionalProperties: true }, { c: 1 }, true],
    ['where the schema types them', { ...inner, additionalProperties: { type: 'number' } }, { c: 1 }, true],
  ])('%s', (_name, schema, value, fits) => {
    expect(inputMisfit(schema, value) === undefined).toBe(fits);
  });

  test('are forbidden in the answer too', () => {
    expect(checksOf({ output: inner }).output({ c: 1 })).toBeDefined();
    expect(checksOf({ output: { ...inner, additionalProperties: true } }).output({ c: 1 })).toBeUndefined();
  });

  test('closing changes nothing else', () => {
    const schema = { type: 'object', title: 'x', properties: { a: { enum: [{ type: 'object' }] } } };
    expect(closed(schema)).toEqual({ ...schema, additionalProperties: false });
  });
});

describe('compiled once', () => {
  test('for each generation', () => {
    const cache = createSchemaCache();
    const [one, two] = [1, 2].map((generation) => aPlugin({ metadata: { generation } }));
    const operation = one?.spec.operations[0];
    if (!one || !two || !operation) throw new Error('no plugin');
    expect(cache.checksOf(one, operation)).toBe(cache.checksOf(one, operation));
    expect(cache.checksOf(two, operation)).not.toBe(cache.checksOf(one, operation));
  });

  test('and no more than so many are kept', () => {
    const cache = createSchemaCache(2);
    const plugins = ['a', 'b', 'c'].map((uid) => aPlugin({ metadata: { uid } }));
    const checks = plugins.map((plugin) => cache.checksOf(plugin, plugin.spec.operations[0]!));
    expect(cache.checksOf(plugins[2]!, plugins[2]!.spec.operations[0]!)).toBe(checks[2]);
    expect(cache.checksOf(plugins[0]!, plugins[0]!.spec.operations[0]!)).not.toBe(checks[0]);
  });
});
