import { readScript } from './javascript.ts';
import type { Language } from './language.ts';

export const typescript: Language = {
  name: 'TypeScript',
  family: 'JavaScript',
  extensions: ['ts', 'mts', 'cts', 'tsx'],
  interpreters: ['tsx'],
  read: (document, reading) => readScript(document, reading, [['typescript'], ['typescript', 'jsx']]),
};
