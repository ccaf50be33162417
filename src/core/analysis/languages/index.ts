import type { LanguageName } from '../report.ts';
import { bash } from './bash.ts';
import { javascript } from './javascript.ts';
import type { Language } from './language.ts';
import { python } from './python.ts';
import { typescript } from './typescript.ts';

/** Adding a language: one file here that fills a Program, one line in this list, and its name in LanguageName. */
export const languages: readonly Language[] = [python, javascript, typescript, bash];

const byName = new Map<LanguageName, Language>(languages.map((language) => [language.name, language]));

export function languageNamed(name: LanguageName): Language {
  const language = byName.get(name);
  if (!language) throw new Error(`no language is called ${name}`);
  return language;
}

/** The language that people mean by a name: its own in any case, the ending of its files, its interpreter; undefined when it is none of ours. */
export function languageCalled(name: string): LanguageName | undefined {
  const small = name.toLowerCase();
  return languages.find(
    ({ name: own, extensions, interpreters }) =>
      own.toLowerCase() === small || extensions.includes(small) || interpreters.includes(small),
  )?.name;
}

/** The language of a further file, by its ending or its first line; undefined when it is data. */
export function languageOfFile(path: string, content: string): Language | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const ending = name.includes('.') ? name.slice(name.lastIndexOf('.') + 1).toLowerCase() : '';
  const byEnding = languages.find(({ extensions }) => extensions.includes(ending));
  if (byEnding || !content.startsWith('#!')) return byEnding;
  const interpreter = /^#!\s*(?:\S*\/env\s+(?:-\S+\s+)*)?(?:\S*\/)?([A-Za-z]+)/.exec(content)?.[1];
  return languages.find(
    ({ interpreters }) => interpreter !== undefined && interpreters.includes(interpreter),
  );
}
