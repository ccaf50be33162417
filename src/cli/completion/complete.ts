import type { Command } from 'commander';
import { rules } from '../../core/analysis/rules/index.ts';
import { plainly } from '../../core/view/hidden.ts';
import { clusterOf, placeOf } from './place.ts';
import type { Place, Word } from './place.ts';

/** As kubectl and other programs understand it: no names of files, or the shell's own. */
const DIRECTIVE = { nothingElse: 4, files: 0 } as const;
/** Who presses a key does not wait longer. */
const PATIENCE_MILLISECONDS = 2000;

async function namesOf(
  place: Extract<Place, { kind: 'names' }>,
  words: readonly string[],
): Promise<readonly Word[]> {
  // The client of the API server is loaded only for who needs it.
  const { clusterNames } = await import('../cluster/names.ts');
  const late = new Promise<readonly Word[]>((resolve) => {
    setTimeout(() => resolve([]), PATIENCE_MILLISECONDS).unref();
  });
  // Who may not list, or has no cluster, gets no help, and no message in the middle of a line.
  return Promise.race([clusterNames(place, clusterOf(words)).catch(() => []), late]);
}

async function offered(place: Place, words: readonly string[]): Promise<readonly Word[]> {
  switch (place.kind) {
    case 'words':
      return place.words;
    case 'names':
      return namesOf(place, words);
    case 'rules':
      return rules.map(({ id, title }) => ({ word: id, meaning: title.en }));
    case 'files':
    case 'nothing':
      return [];
  }
}

/**
 * What may stand where the cursor is, in the words of kubectl's plugins: a word a line with its meaning after a tab, and a number
 * behind a colon in the last line. `words`: the command line after the program, its last word begun.
 */
export async function completion(program: Command, words: readonly string[]): Promise<string> {
  const begun = words.at(-1) ?? '';
  const place = placeOf(program, words);
  const lines = (await offered(place, words))
    .filter(({ word }) => word.startsWith(begun))
    .map(({ word, meaning }) => (meaning === '' ? plainly(word) : `${plainly(word)}\t${plainly(meaning)}`));
  const directive = place.kind === 'files' ? DIRECTIVE.files : DIRECTIVE.nothingElse;
  return [...lines, `:${directive}`, ''].join('\n');
}
