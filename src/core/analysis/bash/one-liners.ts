import type { Command } from '../program/program.ts';
import { wholeTextOf } from '../program/value.ts';

/** Longer ones are programs. */
const MAXIMUM_CODE = 400;
/** Options by which Perl goes through lines; none loads a module or reads a file of code. */
const OPTIONS = /^-(?:[nplaws]|i(?:\.\w+)?|0\d*|F[^\s(]+)*[eE]?$/;

/** What is put between slashes, bars or quotes, and can run nothing. */
const QUOTED =
  /\b(?:s|tr|y)([/|#,!])(?:\\.|(?!\1)[^\\])*\1(?:\\.|(?!\1)[^\\])*\1[gimsxrdc]*(?!\w)|\bm?\/(?:\\.|[^/\\])*\/[gimsx]*(?!\w)|(?<![\w)\]}$])\/(?:\\.|[^/\\])*\/[gimsx]*(?!\w)|"(?:\\.|[^"\\])*"|'[^']*'/g;
/** Code inside of a pattern or a text: `(?{ })`, `@{[ ]}`, `${\ }`. */
const INNER = /\(\?\??\{|[@$]\{/;

const WORDS = new Set(
  'print printf say if unless and or not last next lc uc lcfirst ucfirst length split join sort reverse keys values scalar chomp chop substr index rindex sprintf abs int my else elsif for foreach BEGIN END eq ne lt gt le ge cmp x push shift pop exists defined grep map eof'.split(
    ' ',
  ),
);

/** Variables, numbers, signs; no backtick, no arrow that calls, no file handle. */
const SIGNS = /^(?:[\s\d;,.(){}[\]=!~<>+*%?:|^-]|&&)*$/;
/** The environment, the files that are read next, where modules come from. */
const TELLING = /\b(?:ENV|ARGV|INC|STDIN|STDOUT)\b|\$\$|\^[A-Z]/;

function onlyHandlesText(code: string): boolean {
  if (code.length > MAXIMUM_CODE || INNER.test(code) || TELLING.test(code)) return false;
  const rest = code.replace(QUOTED, ' 0 ').replace(/[$@%]#?[A-Za-z_]\w*|\$[.\d&,;/\\_]|@_/g, ' 0 ');
  const words = rest.match(/[A-Za-z_]\w*/g) ?? [];
  return (
    words.every((word) => WORDS.has(word)) &&
    SIGNS.test(rest.replace(/[A-Za-z_]\w*/g, ' ')) &&
    !/->|<[^=\s]|<\s*>|\|\s*$/.test(rest)
  );
}

/** Whether the command is a line of Perl that only prints, matches and replaces: `perl -ne 'print if /x/'`. */
export function isTextFilter({ name, args }: Command): boolean {
  if (name !== 'perl') return false;
  const words = args.map((arg) => wholeTextOf(arg));
  const code = words.findIndex((word) => word !== undefined && /^-\w*[eE]$/.test(word));
  if (code < 0) return false;
  const [options, script, files] = [words.slice(0, code + 1), words[code + 1], words.slice(code + 2)];
  return (
    options.every((word) => word !== undefined && OPTIONS.test(word)) &&
    script !== undefined &&
    onlyHandlesText(script) &&
    // Perl opens its arguments: "cmd |" would run one.
    files.every((word) => word !== undefined && /^[\w.][\w./*-]*$/.test(word))
  );
}
