import { KEY_SHAPES } from '../../content/key-shapes.ts';
import type { Document } from '../document.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

/** Most programs have none: one look at the whole text tells. */
const ANY_SHAPE = new RegExp(KEY_SHAPES.source);

function* placesIn({ lines }: Document): Iterable<Hit> {
  for (const [index, line] of lines.entries())
    for (const { index: at, 0: found } of line.matchAll(KEY_SHAPES))
      yield {
        span: { line: index + 1, column: at + 1, endLine: index + 1, endColumn: at + 1 + found.length },
      };
}

/**
 * Texts with the shape of a key that its maker documents: AKIA…, ghp_…, github_pat_…, xoxb-…, sk-…, AIza…,
 * glpat-…, npm_…, PEM private keys.
 *
 * Left alone: Passwords of no known shape, hashes, examples that are too short.
 */
export default defineRule({
  id: 'ANY-HARDCODED-SECRET',
  version: 1,
  title: { en: 'Holds a key or token', ja: '鍵やトークンの埋め込み' },
  severity: 'Low',
  languages: ['Python', 'JavaScript', 'Bash'],
  cwe: [798],
  attack: ['T1552.001'],
  forbids: {
    en: 'Texts with the shape of a key that its maker documents: AKIA…, ghp_…, github_pat_…, xoxb-…, sk-…, AIza…, glpat-…, npm_…, PEM private keys.',
    ja: '発行元が定めた形の鍵：AKIA…、ghp_…、github_pat_…、xoxb-…、sk-…、AIza…、glpat-…、npm_…、PEM 秘密鍵。',
  },
  allows: {
    en: 'Passwords of no known shape, hashes, examples that are too short.',
    ja: '形の決まっていないパスワード、ハッシュ、短すぎる例。',
  },
  message: { en: 'The program holds what looks like a key.', ja: '鍵と思われる文字列が含まれています。' },
  remedy: {
    en: 'Take it out, and have it revoked: requests are stored.',
    ja: '取り除き、無効化してください。リクエストは保存されます。',
  },
  check: ({ depth, document }) => (depth > 0 || !ANY_SHAPE.test(document.text) ? [] : placesIn(document)),
});
