import { namesOf } from '../matching/lists.ts';
import { callsTo } from '../matching/names.ts';
import type { Program } from '../program/program.ts';
import type { Value } from '../program/value.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

const LIMIT = 100_000_000;
const SIZED = namesOf(
  'bytearray bytes Array Buffer.alloc Buffer.allocUnsafe Buffer.allocUnsafeSlow ArrayBuffer SharedArrayBuffer Uint8Array Float64Array numpy.zeros numpy.ones numpy.empty numpy.full numpy.random.rand torch.zeros torch.ones os.truncate open().truncate os.posix_fallocate',
);
const COPIERS = namesOf('dd');
const MAKERS = namesOf('fallocate truncate seq head');
const UNITS: Readonly<Record<string, number>> = { K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };

function amountOf(value: Value): number {
  if (value.kind === 'number') return value.value;
  return value.kind === 'sequence' ? value.items.reduce((product, item) => product * amountOf(item), 1) : 0;
}

const LISTERS = namesOf('list tuple set sorted');
const BYTES_EACH = 8;

/** How many numbers are in range(…). */
function spanOf(value: Value): number {
  if (value.kind !== 'ref' || value.name !== 'range()') return 0;
  const [first, second, third] = (value.made ?? []).map((item) => (item.kind === 'number' ? item.value : 0));
  return second === undefined ? (first ?? 0) : Math.abs((second - (first ?? 0)) / (third || 1));
}

function sizeIn(word: string): number {
  const [, digits = '0', unit = ''] = /^(?:.*=)?(\d+)([KMGT])?/.exec(word) ?? [];
  return Number(digits) * (UNITS[unit] ?? 1);
}

/** `dd bs=1G count=100` */
function copied(words: readonly string[]): number {
  const [size, count] = ['bs=', 'count='].map((key) => words.find((word) => word.startsWith(key)));
  return count === undefined ? 0 : sizeIn(count) * (size === undefined ? 512 : sizeIn(size));
}

function* inShell(program: Program): Iterable<Hit> {
  for (const { name, words, span } of program.commands) {
    if (name === 'dd' && copied(words) > LIMIT) yield { span };
    if (name !== undefined && MAKERS.has(name) && words.some((word) => sizeIn(word) > LIMIT)) yield { span };
  }
}

/**
 * Constant expressions that would take more than 100 MB or the time for it: "a" * 10**11, 9**9**9, Buffer.alloc, lists
 * that are doubled in a long loop, fallocate.
 *
 * Left alone: Smaller ones, and sizes that are only known when the program runs: the memory limit of the sandbox holds
 * those.
 */
export default defineRule({
  id: 'ANY-ALLOC',
  version: 2,
  title: { en: 'Builds something enormous', ja: '巨大なデータの生成' },
  severity: 'High',
  languages: ['Python', 'JavaScript', 'Bash'],
  cwe: [400, 789],
  attack: ['T1499.003'],
  forbids: {
    en: 'Constant expressions that would take more than 100 MB or the time for it: "a" * 10**11, 9**9**9, Buffer.alloc, lists that are doubled in a long loop, fallocate.',
    ja: '100 MB を超える定数式("a" * 10**11、9**9**9、Buffer.alloc、長いループでの倍増、fallocate など)。',
  },
  allows: {
    en: 'Smaller ones, and sizes that are only known when the program runs: the memory limit of the sandbox holds those.',
    ja: 'それより小さいもの、実行時に決まる大きさ(サンドボックスのメモリー制限で防ぎます)。',
  },
  message: { en: 'The program builds something enormous.', ja: '巨大なデータを生成します。' },
  remedy: { en: 'Work on one part after the other.', ja: '少しずつ処理してください。' },
  needs: ['allocations', SIZED, LISTERS, COPIERS, MAKERS],
  *check(program): Iterable<Hit> {
    for (const { bytes, span } of program.allocations) if (bytes > LIMIT) yield { span };
    for (const { name, args, span } of callsTo(program, SIZED)) {
      const shaped = /^(?:numpy|torch)\./.test(name ?? '');
      if (args.some((arg) => (shaped || arg.kind === 'number') && amountOf(arg) > LIMIT)) yield { span };
    }
    for (const { args, span } of callsTo(program, LISTERS))
      if (args.some((arg) => BYTES_EACH * spanOf(arg) > LIMIT)) yield { span };
    yield* inShell(program);
  },
});
