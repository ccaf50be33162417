import { InvalidArgumentError, Option } from 'commander';
import { language, locale } from '../api/v1alpha1/names.ts';
import { languageCalled } from '../core/analysis/languages/index.ts';
import type { LanguageName } from '../core/analysis/report.ts';

/** The command line was not understood; commander has said so, or the message does. */
export class UsageError extends Error {}

export const localeOption = (): Option =>
  new Option('--locale <locale>', 'language of the answers; requests name their own').choices(locale.options);

function called(name: string): LanguageName {
  const found = languageCalled(name);
  if (found === undefined)
    throw new InvalidArgumentError(`Allowed choices are ${language.options.join(', ')}.`);
  return found;
}

/** `--language`, in any case, or as the ending of a file. */
export const languageOption = (description: string): Option =>
  new Option('--language <language>', description).choices(language.options).argParser(called);
