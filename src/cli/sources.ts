import { checkInput } from '../api/parse.ts';
import type { InputFile, RequestSpec } from '../api/v1alpha1/code-execution-request.ts';
import type { Language } from '../api/v1alpha1/names.ts';
import type { Input, Name } from './input.ts';
import { localeOf, wordsOf } from './settings.ts';
import type { Settings } from './settings.ts';

/** A program that nobody wrote a request for. */
export interface Source {
  readonly name: Name;
  readonly language: Language;
  readonly code: string;
  readonly files?: readonly InputFile[];
}

/** A program as a request would carry it: under the one role that there is, in a class that the role may use. */
export function programFrom({ name, language, code, files }: Source, settings: Settings): Input {
  const roles = [...(settings.roles?.values() ?? [])];
  const [role] = roles;
  if (roles.length > 1) {
    const names = roles.map(({ metadata }) => metadata.name).join(', ');
    return { kind: 'failure', name, message: wordsOf(settings).severalRoles(names) };
  }
  const spec: RequestSpec = {
    language,
    code,
    ...(files ? { files: [...files] } : {}),
    role: role?.metadata.name ?? '',
    sandboxClassName: role?.spec.sandboxClassNames[0] ?? 'default',
    locale: localeOf(settings),
  };
  const errors = checkInput(spec);
  if (errors.length > 0)
    return { kind: 'failure', name, message: errors.map(({ message }) => message).join(' ') };
  return { kind: 'program', name, spec, role };
}
