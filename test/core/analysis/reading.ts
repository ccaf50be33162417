import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDocument } from '../../../src/core/analysis/document.ts';
import { findIn } from '../../../src/core/analysis/engine.ts';
import type { Source } from '../../../src/core/analysis/engine.ts';
import { findingOf } from '../../../src/core/analysis/finding.ts';
import { languageNamed, languageOfFile } from '../../../src/core/analysis/languages/index.ts';
import { Budget } from '../../../src/core/analysis/program/budget.ts';
import type { Program } from '../../../src/core/analysis/program/program.ts';
import { readWithPayloads } from '../../../src/core/analysis/program/unfold.ts';
import { ruleOf } from '../../../src/core/analysis/rules/index.ts';
import { subjectsOf } from '../../../src/core/analysis/subjects.ts';
import { textTroubles } from '../../../src/core/analysis/text-troubles.ts';
import { judgedLines } from './judged.ts';
import { findingLine, viewOf } from './view.ts';

/** Programs, or folders with a main.* in them, that are written to be viewed. */
const PROGRAMS = join(import.meta.dirname, 'readings');

export const readingNames: readonly string[] = readdirSync(PROGRAMS).toSorted();

function filesBelow(folder: string): readonly { path: string; content: string }[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .toSorted()
    .map((path) => ({ path: path.slice(folder.length + 1), content: readFileSync(path, 'utf8') }));
}

function sourceOf(name: string): Source {
  const path = join(PROGRAMS, name);
  const files = name.includes('.') ? [{ path: name, content: readFileSync(path, 'utf8') }] : filesBelow(path);
  const main = files.length === 1 ? files[0] : files.find((file) => file.path.startsWith('main.'));
  const language = main && languageOfFile(main.path, main.content)?.name;
  if (!main || !language) throw new Error(`${name} is in no known language`);
  return { language, code: main.content, files: files.filter((file) => file !== main) };
}

const isAboutAll = (line: string): boolean => /^(?:un)?read, |^does /.test(line);

/** What is found, and what of it is about what, also beyond the number of findings that a report may have. */
const allFound = (programs: readonly Program[]): readonly string[] =>
  findIn(programs).map((found) =>
    findingLine({ ...findingOf(found), subjects: subjectsOf(found) }, ruleOf(found.rule)?.message.en),
  );

/** What is found in such a program, and what rules are shown of it and of each text that it runs as code. */
export function readingLines(name: string): readonly string[] {
  const source = sourceOf(name);
  const language = languageNamed(source.language);
  const document = openDocument(source.code.replace(/^\ufeff/, ''));
  const programs = readWithPayloads({
    document,
    language,
    budget: new Budget(),
    troubles: textTroubles(document, language.family),
    beside: (source.files ?? []).map(({ path, content }) => openDocument(content, path)),
  });
  return [
    ...(source.files?.length === 0
      ? [...judgedLines(source).filter(isAboutAll), ...allFound(programs)]
      : judgedLines(source)),
    ...programs.flatMap(viewOf),
  ];
}
