/** Where a text stands in a YAML file: its first line is line `line + 1` of the file, each of its lines begins after `indent` characters. */
export interface Block {
  readonly line: number;
  readonly indent: number;
}

/** How many blocks one text is looked for in; those that were found are out of the way. */
const MAXIMUM_HEADS = 256;

const HEAD = /^\s*(?:- +)?["']?(?:code|content)["']?:\s*\|[0-9+-]{0,2}\s*(?:#.*)?$/;
const isBlank = (line: string): boolean => line.trim() === '';

function standsAt(lines: readonly string[], start: number, text: readonly string[]): number | undefined {
  const first = text.findIndex((line) => !isBlank(line));
  const indent = first < 0 ? -1 : (lines[start + first] ?? '').length - (text[first] ?? '').length;
  if (indent < 0) return undefined;
  const same = text.every((line, index) => {
    const there = lines[start + index] ?? '';
    return isBlank(line) ? isBlank(there) : isBlank(there.slice(0, indent)) && there.slice(indent) === line;
  });
  return same ? indent : undefined;
}

/**
 * Finds the literal block scalars (`code: |`) of a YAML file again. A block counts only when each of its lines is the text's, so a place is
 * right or not there at all; texts that are quoted or folded have none.
 */
export function blockFinder(source: string): (text: string) => Block | undefined {
  const lines = source.split(/\r?\n/);
  const heads = lines.flatMap((line, index) => (HEAD.test(line) ? [index] : []));
  return (text) => {
    const wanted = text.replace(/\n+$/, '').split('\n');
    for (const head of heads.slice(0, MAXIMUM_HEADS)) {
      const indent = standsAt(lines, head + 1, wanted);
      if (indent === undefined) continue;
      // The same text may stand there again: the next search goes on behind this one.
      heads.splice(heads.indexOf(head), 1);
      return { line: head + 1, indent };
    }
    return undefined;
  };
}
