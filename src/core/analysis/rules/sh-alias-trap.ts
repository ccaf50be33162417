import { namesLike, namesOf } from '../matching/lists.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

const COMMON = namesOf(
  'ls cd cat cp mv rm echo grep sudo su ssh git ps kill find bash sh python python3 node make curl true false test',
);
const CHANGERS = namesOf('alias declare local typeset export');
const LOADING = namesLike(
  /^(?:LD_PRELOAD|LD_LIBRARY_PATH|BASH_ENV|PROMPT_COMMAND|PYTHONSTARTUP|NODE_OPTIONS)(?:=|$)/,
);

/**
 * alias, and functions named like common commands; changing PATH, also through a nameref; LD_PRELOAD.
 *
 * Left alone: Aliases of new names, PATH with folders added behind it.
 */
export default defineRule({
  id: 'SH-ALIAS-TRAP',
  version: 1,
  title: { en: 'Gives commands another meaning', ja: 'コマンドの差し替え' },
  severity: 'High',
  languages: ['Bash'],
  cwe: [506],
  attack: ['T1546'],
  forbids: {
    en: 'alias, and functions named like common commands; changing PATH, also through a nameref; LD_PRELOAD.',
    ja: 'alias、よく使うコマンドと同名の関数、PATH の変更(nameref を含む)、LD_PRELOAD。',
  },
  allows: {
    en: 'Aliases of new names, PATH with folders added behind it.',
    ja: '新しい名前の alias、PATH の末尾への追加。',
  },
  message: { en: 'The script gives a command another meaning.', ja: 'コマンドの意味を差し替えます。' },
  remedy: { en: 'Leave it out.', ja: '取り除いてください。' },
  needs: [CHANGERS, LOADING],
  *check(program): Iterable<Hit> {
    for (const { name, words, assignments, span } of program.commands) {
      const shadows = name === 'alias' && words.some((word) => COMMON.has(word.split('=')[0] ?? ''));
      const reference =
        (name === 'declare' || name === 'local' || name === 'typeset') &&
        words.some((word) => /^-[a-zA-Z]*n/.test(word)) &&
        words.some((word) => /=(?:PATH|IFS|LD_PRELOAD)$/.test(word));
      if (
        shadows ||
        reference ||
        [...assignments, ...(name === 'export' ? words : [])].some((one) => LOADING.test(one))
      )
        yield { span };
    }
  },
});
