import { covers } from './document.ts';
import type { Span } from './document.ts';
import type { Handed } from './program/program.ts';
import { hostOf } from './matching/hosts.ts';
import { normalised } from './matching/paths.ts';
import { HOLE } from './program/value.ts';
import type { Value } from './program/value.ts';
import type { Subjects } from './report.ts';
import type { Found } from './rule.ts';

/** Names, paths or hosts that are kept for one finding. */
const MAXIMUM_SUBJECTS = 16;

const touches = (a: Span, b: Span): boolean => covers(a, b) || covers(b, a);

const isConstant = (value: Value): boolean =>
  value.kind === 'ref' ? value.text !== undefined : value.kind !== 'unknown' && value.kind !== 'choice';

/** False for one of several of which not all are constants: what is known of it is not all. */
const isSure = (value: Value): boolean =>
  value.kind === 'choice' ? value.options.every(isConstant) : value.kind !== 'unknown';

const isUrl = (text: string): boolean => /^[a-z][a-z0-9+.-]*:\/\//i.test(text);

/** The addresses among texts: those of URLs, or, where there are none, words that look like the name or number of a host. */
function hostsIn(texts: readonly string[]): readonly string[] {
  const urls = texts.filter(isUrl);
  const bare = texts.filter((text) => /^[\w-]+(?:\.[\w-]+)+(?::\d+)?$/.test(text));
  return (urls.length > 0 ? urls : bare).flatMap((text) => hostOf(text) ?? []);
}

const pathsIn = (texts: readonly string[]): readonly string[] =>
  texts.filter((text) => !isUrl(text) && /^[~.]|\//.test(text) && !text.includes('\n')).map(normalised);

const some = (values: Iterable<string>): readonly string[] => [...new Set(values)].slice(0, MAXIMUM_SUBJECTS);

/**
 * What the place of a finding is about: the names used there, and the constant paths and hosts that are handed on. A policy that excepts
 * some of them asks this. Reads more rather than less: what surrounds the place counts too, so that an exception never covers more than it says.
 */
export function subjectsOf({ program, span }: Found): Subjects {
  const names = program.references.filter((one) => touches(one.span, span));
  const imported = program.imports.filter((one) => touches(one.span, span));
  const isAt = ({ call, command, span: place }: Handed) =>
    touches(call?.span ?? command?.span ?? place, span) || touches(place, span);
  const handed = program.texts.filter(isAt);
  const calls = new Set(handed.flatMap(({ call }) => call ?? []));
  const values = [...calls].flatMap(({ args, keywords }) => [...args, ...keywords.values()]);
  const texts = handed.map(({ text }) => text);
  return {
    use: names.some(({ via }) => via !== 'import') || texts.length > 0,
    sure: values.every(isSure) && !texts.some((text) => text.includes(HOLE)),
    modules: some([...names.map(({ name }) => name), ...imported.map(({ module }) => module)]),
    paths: some(pathsIn(texts)),
    hosts: some(hostsIn(texts)),
  };
}
