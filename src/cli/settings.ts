import type { ExecutionPolicy, ExecutionRole } from '../api/parse.ts';
import type { Language, Locale } from '../api/v1alpha1/names.ts';
import { WORDS } from './words.ts';
import type { Words } from './words.ts';

/** What programs are measured by, read once at the start. */
export interface Settings {
  /** The language that was named for what does not say its own. */
  readonly language: Language | undefined;
  /** The language of the answers; where none was named, each request's own. */
  readonly locale: Locale | undefined;
  readonly policies: readonly ExecutionPolicy[];
  /** Roles by name; undefined when none were given, and none are asked for. */
  readonly roles: ReadonlyMap<string, ExecutionRole> | undefined;
}

export const localeOf = (settings: Pick<Settings, 'locale'>): Locale => settings.locale ?? 'en';
export const wordsOf = (settings: Pick<Settings, 'locale'>): Words => WORDS[localeOf(settings)];
