import type { Call, Handed, Program } from '../program/program.ts';
import { textsOf, wholeTextOf } from '../program/value.ts';

const WRITERS =
  /(?:^|\.)(?:write_text|write_bytes|writeFile|writeFileSync|appendFile|appendFileSync|createWriteStream|outputFile|extractall)$/;
/** Words that other objects use, too: text.replace changes no file. */
const MOVERS =
  /^(?:os|shutil|fs|fs\.promises|fs-extra|pathlib\.Path\(\)(?:\.\w+\(\))*)\.(?:copyFile|copyFileSync|copy|copySync|copy2|copyfile|copytree|cp|cpSync|move|rename|renameSync|replace|symlink|symlinkSync|symlink_to|link|linkSync|truncate|truncateSync)$/;
const WRITING_COMMANDS = new Set([
  'tee',
  'cp',
  'mv',
  'ln',
  'install',
  'dd',
  'sed',
  'rsync',
  'truncate',
  'touch',
]);

function opensToWrite(call: Call): boolean {
  const mode = wholeTextOf(call.keywords.get('mode') ?? call.args[1]);
  if (/^(?:io\.|codecs\.)?open$/.test(call.name ?? '')) return mode !== undefined && /[wax+]/.test(mode);
  if (call.name === 'os.open') return call.args[1]?.kind !== 'ref' || !call.args[1].name.endsWith('O_RDONLY');
  if (call.name?.endsWith('pathlib.Path().open')) return /[wax+]/.test(wholeTextOf(call.args[0]) ?? 'r');
  return (
    /^fs\.(?:promises\.)?open(?:Sync)?$/.test(call.name ?? '') && mode !== undefined && /[wa+]/.test(mode)
  );
}

/** Whether the place that the text names is written to. */
export function isWritten({ call, command, redirect, text }: Handed): boolean {
  if (redirect !== undefined) return redirect.includes('>') && redirect !== '>&';
  if (call)
    return (
      opensToWrite(call) ||
      ((WRITERS.test(call.name ?? '') || MOVERS.test(call.name ?? '')) && !isFirstOfTwo(call, text))
    );
  return (
    command?.name !== undefined &&
    WRITING_COMMANDS.has(command.name) &&
    textsOf(command.args.at(-1) ?? { kind: 'unknown', taint: 0 }).some(
      (last) => last === text || `of=${text}` === last,
    )
  );
}

/** What is copied from, not to. */
const isFirstOfTwo = (call: Call, text: string): boolean =>
  /(?:copy|rename|link|replace)/i.test(call.name ?? '') &&
  call.args.length > 1 &&
  textsOf(call.args[0] ?? { kind: 'unknown', taint: 0 }).includes(text);

/** The paths of a kind that the program writes to. */
export const writtenPaths = (program: Program, isOfKind: (path: string) => boolean): readonly Handed[] =>
  program.paths.filter((handed) => isOfKind(handed.text) && isWritten(handed));
