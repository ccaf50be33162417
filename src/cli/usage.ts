import { Option } from 'commander';
import { locale } from '../api/v1alpha1/names.ts';

/** The command line was not understood; commander has said so, or the message does. */
export class UsageError extends Error {}

export const localeOption = (): Option =>
  new Option('--locale <locale>', 'language of the answers; requests name their own').choices(locale.options);
