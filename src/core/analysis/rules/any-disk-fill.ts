import type { Context, Program } from '../program/program.ts';
import { wholeTextOf } from '../program/value.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

const WRITES =
  /(?:^|\.)(?:write|writelines|write_text|write_bytes|writeFileSync|appendFileSync|writeSync|writeFile|appendFile)$/;
const CONSOLE = /^(?:sys|process)\.std/;

function inEndless({ loop }: Context): boolean {
  for (let one = loop; one; one = one.outer) if (one.endless) return true;
  return false;
}

const toFile = (operator: string, target: string): boolean =>
  operator.startsWith('>') && operator !== '>&' && !target.startsWith('/dev/');

function* inShell(program: Program): Iterable<Hit> {
  for (const { name, words, redirects, upstream, context, span } of program.commands) {
    const writes = redirects.some(({ operator, target }) => toFile(operator, wholeTextOf(target) ?? ''));
    if (!writes && name !== 'dd') continue;
    const endless = name === 'yes' || words.some((word) => /^(?:if=)?\/dev\/(?:zero|u?random)$/.test(word));
    const copies =
      name === 'dd' &&
      words.some((word) => word.startsWith('of=')) &&
      !words.some((word) => word.startsWith('count='));
    const passesOn =
      writes && /^(?:cat|tee|gzip|bzip2|xz)$/.test(name ?? '') && upstream.at(-1)?.name === 'yes';
    if (
      passesOn ||
      (endless && (copies || (writes && name !== 'head' && name !== 'dd'))) ||
      (writes && inEndless(context))
    )
      yield { span };
  }
}

/**
 * Writing in a loop that never ends, and endless sources (/dev/zero, /dev/urandom, yes) that are written to a file.
 *
 * Left alone: Writing in loops that end; dd with a count.
 */
export default defineRule({
  id: 'ANY-DISK-FILL',
  version: 2,
  title: { en: 'Fills the disk', ja: 'ディスクの占有' },
  severity: 'High',
  languages: ['Python', 'JavaScript', 'Bash'],
  cwe: [400],
  attack: ['T1499'],
  forbids: {
    en: 'Writing in a loop that never ends, and endless sources (/dev/zero, /dev/urandom, yes) that are written to a file.',
    ja: '終わらないループでの書き込み、/dev/zero や yes などのファイルへの書き込み。',
  },
  allows: {
    en: 'Writing in loops that end; dd with a count.',
    ja: '終わるループでの書き込み、count 付きの dd。',
  },
  message: { en: 'The program writes without end.', ja: '際限なく書き込みます。' },
  remedy: { en: 'Write a known amount.', ja: '書き込む量を決めてください。' },
  needs: ['loops', 'commands'],
  *check(program): Iterable<Hit> {
    for (const { name, context, span } of program.calls) {
      if (name !== undefined && WRITES.test(name) && !CONSOLE.test(name) && inEndless(context))
        yield { span };
    }
    yield* inShell(program);
  },
});
