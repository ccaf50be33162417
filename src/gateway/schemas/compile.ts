import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import { RE2JS } from 're2js';
import { withoutControls } from '../../core/content/control-characters.ts';
import type { Json } from '../../core/json/strict-json.ts';
import { FORMATS } from './formats.ts';
import type { Schema } from './keywords.ts';

/** Where a value does not fit, as a JSON Pointer, and what would be right. Never the value. */
export interface Misfit {
  readonly pointer: string;
  readonly message: string;
}

/** What does not fit first, or nothing. Always an answer, never an exception. */
export type Check = (value: Json) => Misfit | undefined;

/** RE2 takes time in proportion to text and pattern; the product is bounded too. */
const MAX_PATTERN_TEXT = 4096;

class TooLongForPattern extends Error {}

/** ajv makes its patterns with this: they are RE2, whatever is in them. */
function linearPattern(pattern: string) {
  const compiled = RE2JS.compile(RE2JS.translateRegExp(pattern));
  return {
    test(text: string): boolean {
      if (text.length > MAX_PATTERN_TEXT) throw new TooLongForPattern();
      return compiled.matcher(text).find();
    },
    // ajv keeps one pattern for each of these names.
    toString: () => `re2:${pattern}`,
  };
}
const patterns = Object.assign(linearPattern, { code: 're2' });

const newAjv = (): Ajv2020 =>
  new Ajv2020({
    strict: true,
    strictRequired: false,
    allowUnionTypes: true,
    allErrors: false,
    ownProperties: true,
    addUsedSchema: false,
    validateFormats: true,
    formats: { ...FORMATS },
    code: { regExp: patterns },
    logger: false,
  });

const ajv = newAjv();

const MAX_LISTED = 16;
const MAX_MESSAGE = 400;

const listed = (values: readonly unknown[]): string =>
  values
    .slice(0, MAX_LISTED)
    .map((value) => JSON.stringify(value))
    .join(', ') + (values.length > MAX_LISTED ? ', …' : '');

function messageOf(error: ErrorObject, schema: Schema): string {
  const params = error.params as Readonly<Record<string, unknown>>;
  switch (error.keyword) {
    case 'additionalProperties':
    case 'unevaluatedProperties': {
      const name = params['additionalProperty'] ?? params['unevaluatedProperty'];
      const known = error.instancePath === '' ? Object.keys(schema['properties'] ?? {}) : [];
      const hint = known.length > 0 ? `; there are ${listed(known)}` : '';
      return `has no ${listed([String(name).slice(0, 64)])}${hint}`;
    }
    case 'enum':
      return `must be one of ${listed(params['allowedValues'] as readonly unknown[])}`;
    case 'const':
      return `must be ${listed([params['allowedValue']])}`;
    default:
      return error.message ?? 'does not fit';
  }
}

/** The last error is the one that decided; those before it tell what alternatives failed. */
function misfitOf(validate: ValidateFunction, schema: Schema): Misfit {
  const error = validate.errors?.at(-1);
  if (!error) return { pointer: '', message: 'does not fit' };
  return {
    pointer: withoutControls(error.instancePath).slice(0, MAX_MESSAGE),
    message: withoutControls(messageOf(error, schema)).slice(0, MAX_MESSAGE),
  };
}

/** Compiles a schema that is within bounds. Throws on one that says something impossible. */
export function compile(schema: Schema): Check {
  const validate = ajv.compile(schema);
  // The compiled function is all that is kept: ajv would hold every schema that it has seen.
  ajv.removeSchema(schema);
  return (value) => {
    try {
      return validate(value) ? undefined : misfitOf(validate, schema);
    } catch (error) {
      if (!(error instanceof TooLongForPattern)) throw error;
      return { pointer: '', message: `a text with a pattern has more than ${MAX_PATTERN_TEXT} characters` };
    }
  };
}
