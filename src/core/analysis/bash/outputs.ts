import { fromBase64, fromHex, rot13 } from '../program/decode.ts';
import { percent } from '../program/fold-text.ts';
import type { Command } from '../program/program.ts';
import type { Value } from '../program/value.ts';
import { HOLE, sequence, TAINT, text, wholeTextOf } from '../program/value.ts';

const MAXIMUM_DEPTH = 64;

/** Commands that turn what they read into something else: what they give to a shell was hidden. */
export const DECODERS = new Set([
  'base64',
  'base32',
  'xxd',
  'rev',
  'tr',
  'openssl',
  'gunzip',
  'zcat',
  'gzip',
  'bzip2',
  'xz',
  'uudecode',
  'od',
]);

const wordsOf = (command: Command): readonly string[] =>
  command.args.map((value) => wholeTextOf(value) ?? HOLE);

function echoed(command: Command): Value {
  const words = wordsOf(command);
  const flags = words.findIndex((word) => !/^-[neE]+$/.test(word));
  const content = flags < 0 ? '' : words.slice(flags).join(' ');
  const escapes = words.slice(0, Math.max(flags, 0)).some((word) => word.includes('e'));
  return text(escapes ? unescaped(content) : content);
}

const unescaped = (content: string): string =>
  content
    .replace(/\\x([0-9a-fA-F]{1,2})/g, (_whole, digits: string) =>
      String.fromCharCode(Number.parseInt(digits, 16)),
    )
    .replace(/\\0?([0-7]{2,3})/g, (_whole, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)))
    .replaceAll('\\n', '\n');

function printed(command: Command): Value | undefined {
  const [template, ...rest] = command.args;
  const shape = wholeTextOf(template);
  if (shape === undefined) return undefined;
  const words = /%b/.test(shape)
    ? rest.map((word) => text(unescaped(wholeTextOf(word) ?? HOLE), word.taint))
    : rest;
  return percent(unescaped(shape).replaceAll('%b', '%s'), sequence(words));
}

function decodedBy(command: Command, input: string): string | undefined {
  const words = wordsOf(command);
  switch (command.name) {
    case 'base64':
      return words.some((word) => /^(?:-[a-zA-Z]*[dD]|--decode)/.test(word)) ? fromBase64(input) : undefined;
    case 'openssl':
      return words.includes('-d') && (words.includes('base64') || words.includes('enc'))
        ? fromBase64(input)
        : undefined;
    case 'xxd':
      return words.some((word) => /^-[a-z]*r/.test(word)) ? fromHex(input) : undefined;
    case 'rev':
      return input
        .split('\n')
        .map((line) => [...line].toReversed().join(''))
        .join('\n');
    case 'tr':
      return /^['"]?[A-Za-z]-/.test(words[0] ?? '') && /N-Z/i.test(words[1] ?? '') ? rot13(input) : undefined;
    default:
      return undefined;
  }
}

/** What a command would print, when that is known from its words and what it is fed. */
export function outputOf(command: Command | undefined, depth = 0): Value | undefined {
  if (!command || depth > MAXIMUM_DEPTH) return undefined;
  if (command.name === 'echo') return echoed(command);
  if (command.name === 'printf') return printed(command);
  const input = inputOf(command, depth);
  if (command.name === 'cat' || command.name === 'tee')
    return command.args.length === 0 || command.name === 'tee' ? input : undefined;
  const content = wholeTextOf(input);
  if (command.name === undefined || !DECODERS.has(command.name)) return undefined;
  const decoded = content === undefined ? undefined : decodedBy(command, content.trimEnd());
  return decoded === undefined ? undefined : text(decoded, TAINT.Decoded | (input?.taint ?? 0));
}

/** What a command reads from its standard input, when that is known. */
export function inputOf(command: Command, depth = 0): Value | undefined {
  return command.fed.at(-1) ?? outputOf(command.upstream.at(-1), depth + 1);
}
