import { customResourceDefinition } from '../api/crd.ts';
import { KINDS } from '../api/v1alpha1/kinds.ts';
import { fieldsOf, isFields } from '../judging/fields.ts';
import type { Fields } from '../judging/fields.ts';
import { WORDS } from './words.ts';
import type { Words } from './words.ts';

/** More wrong fields than anybody reads. */
const MAXIMUM = 32;

function schemaOf(kind: string): Fields {
  const definition = KINDS.find((one) => one.kind === kind);
  if (!definition) return {};
  const { versions } = fieldsOf(customResourceDefinition(definition)['spec']);
  const [version] = Array.isArray(versions) ? versions : [];
  return fieldsOf(fieldsOf(fieldsOf(fieldsOf(version)['schema'])['openAPIV3Schema'])['properties']);
}

/** What a list must not hold twice: whole entries of a set, the keys of a map. */
function identity(schema: Fields, entry: unknown): string | undefined {
  const type = schema['x-kubernetes-list-type'];
  if (type === 'set') return JSON.stringify(entry);
  const keys = schema['x-kubernetes-list-map-keys'];
  if (type !== 'map' || !Array.isArray(keys)) return undefined;
  return JSON.stringify(keys.map((key) => fieldsOf(entry)[String(key)]));
}

function* listErrors(schema: Fields, list: readonly unknown[], path: string, words: Words): Iterable<string> {
  const seen = new Set<string>();
  for (const [index, entry] of list.entries()) {
    const own = identity(schema, entry);
    if (own !== undefined && seen.has(own)) yield words.duplicate(`${path}[${index}]`);
    if (own !== undefined) seen.add(own);
    yield* errorsIn(fieldsOf(schema['items']), entry, `${path}[${index}]`, words);
  }
}

function* errorsIn(schema: Fields, value: unknown, path: string, words: Words): Iterable<string> {
  if (Array.isArray(value)) yield* listErrors(schema, value, path, words);
  if (!isFields(value) || !isFields(schema['properties'])) return;
  const known = schema['properties'];
  for (const [name, inner] of Object.entries(value)) {
    if (Object.hasOwn(known, name)) yield* errorsIn(fieldsOf(known[name]), inner, `${path}.${name}`, words);
    else yield words.unknownField(`${path}.${name}`, Object.keys(known).join(', '));
  }
}

/** What the API server would refuse before Sekisho sees it: fields that the kind does not have, entries that stand in a list twice. */
export function structureErrors(kind: string, object: Fields, words: Words = WORDS.en): readonly string[] {
  const errors: string[] = [];
  for (const error of errorsIn(fieldsOf(schemaOf(kind)['spec']), object['spec'], 'spec', words)) {
    errors.push(error);
    if (errors.length === MAXIMUM) break;
  }
  return errors;
}
