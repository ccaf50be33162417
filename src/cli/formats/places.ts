import { MAIN_FILE } from '../../api/parse.ts';
import { openDocument } from '../../core/analysis/document.ts';
import type { Finding } from '../../core/analysis/report.ts';
import type { Name, Program } from '../input.ts';

/** Where a finding is, as an editor opens it. */
export interface Place {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** The line of source, without what its manifest indents it by; columns of the program count in it. */
  readonly source: string;
  /** False when only the program is known, not where in the file it stands. */
  readonly exact: boolean;
}

/** What people call a program. */
export const titleOf = ({ path, request, id }: Name): string =>
  [path ?? String(id ?? ''), ...(request === undefined ? [] : [request])].join('#');

function linesOf({ spec }: Program, file: string | undefined): readonly string[] {
  const text =
    file === undefined ? spec.code : (spec.files?.find(({ path }) => path === file)?.content ?? '');
  return openDocument(text.startsWith('\ufeff') ? text.slice(1) : text).lines;
}

/** Tells where findings of one program are: in a manifest where its block was found again, else in the program by itself. */
export function placesIn(program: Program): (finding: Finding) => Place {
  const known = new Map<string, readonly string[]>();
  const { name, blocks, spec } = program;
  return ({ file, line, column, endLine, endColumn }) => {
    const key = file ?? '';
    const lines = known.get(key) ?? linesOf(program, file);
    known.set(key, lines);
    const source = lines[line - 1] ?? '';
    const block = blocks?.get(key);
    if (block) {
      return {
        path: name.path ?? '',
        line: line + block.line,
        column: column + block.indent,
        endLine: endLine + block.line,
        endColumn: endColumn + block.indent,
        source,
        exact: true,
      };
    }
    const inside =
      blocks === undefined && file === undefined ? undefined : (file ?? MAIN_FILE[spec.language]);
    const path = inside === undefined ? titleOf(name) : `${titleOf(name)}:${inside}`;
    return { path, line, column, endLine, endColumn, source, exact: inside === undefined };
  };
}
