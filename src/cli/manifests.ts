import { loadAll, YAMLException } from 'js-yaml';
import { parsePolicy, parseRole } from '../api/parse.ts';
import type { ExecutionPolicy, ExecutionRole, FieldError, Parsed } from '../api/parse.ts';
import { API_VERSION, GROUP } from '../api/v1alpha1/group.ts';
import { checkPolicy } from '../judging/check-policy.ts';
import { fieldsOf, isFields, textOf } from '../judging/fields.ts';
import type { Fields } from '../judging/fields.ts';
import { readText } from './reading.ts';
import { structureErrors } from './structure.ts';
import type { Words } from './words.ts';

/** Largest file of manifests: several requests of the largest kind. */
export const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;
/** Aliases multiply: a few lines of them can stand for more than any memory holds. Eight of them make at most 18 times as much. */
const MAX_ALIASES = 8;

export type Documents =
  | { readonly ok: true; readonly objects: readonly Fields[] }
  | { readonly ok: false; readonly message: string };

/** The objects of a YAML or JSON text; a List gives its items. */
export function objectsIn(text: string, words: Words): Documents {
  try {
    const documents = loadAll(text, { maxAliases: MAX_ALIASES });
    const objects = documents.flatMap((document): readonly unknown[] => {
      const { kind, items } = fieldsOf(document);
      return kind === 'List' && Array.isArray(items) ? items : [document];
    });
    return { ok: true, objects: objects.filter(isFields) };
  } catch (error) {
    const known = error instanceof YAMLException ? error : undefined;
    const line = (known?.mark?.line ?? 0) + 1;
    return { ok: false, message: words.notYaml(line, known?.reason ?? String(error)) };
  }
}

/** Whether an object is of a kind of Sekisho, in whatever version. */
export const isOfKind = (object: Fields, kind: string): boolean =>
  object['kind'] === kind && textOf(object['apiVersion']).split('/')[0] === GROUP;

/** What the API server would object to before any schema is asked. */
export function formErrors(kind: string, object: Fields, words: Words): readonly string[] {
  const version = textOf(object['apiVersion']);
  if (version !== API_VERSION) return [words.otherVersion(version)];
  return structureErrors(kind, object, words);
}

/** A file that the command line names cannot be used; the message is for a person. */
export class UnusableFile extends Error {}

async function objectsOf<T>(
  path: string,
  kind: string,
  parse: (object: unknown) => Parsed<T> | Promise<Parsed<T>>,
  words: Words,
): Promise<readonly T[]> {
  const file = await readText(path, MAX_MANIFEST_BYTES);
  if (!file.ok) throw new UnusableFile(`${path}: ${words.problem[file.problem](MAX_MANIFEST_BYTES)}`);
  const documents = objectsIn(file.text, words);
  if (!documents.ok) throw new UnusableFile(`${path}: ${documents.message}`);
  const objects = documents.objects.filter((object) => isOfKind(object, kind));
  if (objects.length === 0) throw new UnusableFile(`${path}: ${words.noneOfKind(kind)}`);
  const values: T[] = [];
  for (const object of objects) {
    const errors = formErrors(kind, object, words);
    if (errors.length > 0) throw new UnusableFile(`${path}: ${errors.join(' ')}`);
    const parsed = await parse(object);
    if (!parsed.ok) throw new UnusableFile(`${path}: ${parsed.errors.map(toldError).join(' ')}`);
    values.push(parsed.value);
  }
  return values;
}

/** Some sentences name their field themselves. */
const toldError = ({ path, message }: FieldError): string =>
  message.startsWith(path) ? message : `${path}: ${message}.`;

/** A policy that can also be applied: its rules exist, its patterns and expressions compile. */
async function usablePolicy(object: unknown): Promise<Parsed<ExecutionPolicy>> {
  const parsed = parsePolicy(object);
  if (!parsed.ok) return parsed;
  const errors = await checkPolicy(object);
  return errors.length > 0 ? { ok: false, errors } : parsed;
}

/** The ExecutionPolicies of a file. All apply, whatever namespaces they select: there are no namespaces here. */
export async function policiesIn(path: string, words: Words): Promise<readonly ExecutionPolicy[]> {
  const policies = await objectsOf(path, 'ExecutionPolicy', usablePolicy, words);
  return policies.map(({ metadata, spec }) => ({ metadata, spec: { ...spec, namespaceSelector: {} } }));
}

/** The ExecutionRoles of a file, by name. */
export async function rolesIn(path: string, words: Words): Promise<ReadonlyMap<string, ExecutionRole>> {
  const roles = await objectsOf(path, 'ExecutionRole', parseRole, words);
  return new Map(roles.map((role) => [role.metadata.name, role]));
}
