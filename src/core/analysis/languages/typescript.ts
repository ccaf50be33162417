import type { Language } from './language.ts';
import { parseScript } from './javascript.ts';
import { emptyProgram } from './language.ts';

export const typescript: Language = {
  name: 'TypeScript',
  family: 'JavaScript',
  extensions: ['ts', 'mts', 'cts', 'tsx'],
  interpreters: ['tsx'],
  read(document, reading) {
    parseScript(document, [['typescript'], ['typescript', 'jsx']]);
    return emptyProgram('JavaScript', document, reading);
  },
};
