import { fieldsOf, textOf } from '../judging/fields.ts';
import type { Fields } from '../judging/fields.ts';
import { localeOf as localeOfSpec } from '../judging/field-sentences.ts';
import { judgeable } from '../judging/judgeable.ts';
import { blockFinder } from './blocks.ts';
import type { Block } from './blocks.ts';
import type { Input } from './input.ts';
import { formErrors, isOfKind, objectsIn } from './manifests.ts';
import { wordsOf } from './settings.ts';
import type { Settings } from './settings.ts';
import { WORDS } from './words.ts';

const KIND = 'CodeExecutionRequest';

/** The word `kind` where an object or an entry of a List has it; deeper it belongs to something else, such as a CRD. */
const HEAD = /^(?: {0,2}|- )["']?kind["']?:\s*["']?CodeExecutionRequest["']?\s*(?:#.*)?$/m;

/** Whether a YAML file found in a folder is worth reading: most hold other things, and many are templates that are no YAML. */
export const mayHoldRequests = (text: string): boolean => HEAD.test(text);

function nameIn(object: Fields): string {
  const { name, generateName, namespace } = fieldsOf(object['metadata']);
  const own = textOf(name) || textOf(generateName);
  return textOf(namespace) === '' ? own : `${textOf(namespace)}/${own}`;
}

/** A request that asks for its answers in the language that the command was told. */
const withLocale = (object: Fields, { locale }: Settings): Fields =>
  locale === undefined ? object : { ...object, spec: { ...fieldsOf(object['spec']), locale } };

interface Holder {
  readonly path: string;
  readonly find: (text: string) => Block | undefined;
}

function inputOf(given: Fields, { path, find }: Holder, settings: Settings): Input {
  const name = { path, request: nameIn(given) };
  const failed = (message: string): Input => ({ kind: 'failure', name, message });
  const words = WORDS[settings.locale ?? localeOfSpec(given['spec'])];
  // As in the cluster: what the kind does not have is refused first, then what Sekisho itself cannot judge.
  const form = formErrors(KIND, given, words);
  if (form.length > 0) return failed(form.join(' '));
  const judged = judgeable(given);
  if (!judged.ok) {
    const wanted = judgeable(withLocale(given, settings));
    return failed((wanted.ok ? judged : wanted).errors.map(({ message }) => message).join(' '));
  }
  const spec = { ...judged.request.spec, locale: settings.locale ?? judged.request.spec.locale };
  const { roles } = settings;
  const role = roles?.get(spec.role);
  if (roles && !role) return failed(words.otherRole(spec.role, [...roles.keys()].join(', ')));
  const texts = [
    ['', spec.code] as const,
    ...(spec.files ?? []).map((file) => [file.path, file.content] as const),
  ];
  const blocks = new Map<string, Block>();
  for (const [file, text] of texts) {
    const block = find(text);
    if (block) blocks.set(file, block);
  }
  return { kind: 'program', name, spec, role, blocks };
}

/** The requests of a file of manifests; other objects in it are passed over. */
export function requestsIn(
  text: string,
  { path, named }: { readonly path: string; readonly named: boolean },
  settings: Settings,
): readonly Input[] {
  const words = wordsOf(settings);
  const documents = objectsIn(text, words);
  if (!documents.ok) return [{ kind: 'failure', name: { path }, message: documents.message }];
  const requests = documents.objects.filter((object) => isOfKind(object, KIND));
  if (requests.length === 0)
    return named ? [{ kind: 'failure', name: { path }, message: words.noRequest }] : [];
  const find = blockFinder(text);
  return requests.map((request) => inputOf(request, { path, find }, settings));
}
