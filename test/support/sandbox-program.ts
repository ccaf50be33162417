import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Language } from '../../src/api/v1alpha1/names.ts';
import { clientFilesOf } from '../../src/objects/client/files.ts';
import { INTERPRETERS } from '../../src/objects/interpreters.ts';

const MAIN: Readonly<Record<Language, string>> = {
  Python: 'main.py',
  JavaScript: 'main.js',
  TypeScript: 'main.ts',
  Bash: 'main.sh',
};

export interface SandboxProgram {
  readonly language: Language;
  readonly code: string;
  /** Stands for the workspace. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Starts a program by its interpreter as in a sandbox, beside the modules that it may load. */
export function startProgram({
  language,
  code,
  folder,
  environment,
}: SandboxProgram): ChildProcessWithoutNullStreams {
  for (const { path, content } of [...clientFilesOf(language), { path: MAIN[language], content: code }]) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  const { command, environment: own } = INTERPRETERS[language];
  const [program = '', ...rest] = command.map((word) => word.replaceAll('/workspace', folder));
  const env = { PATH: process.env['PATH'], ...own, ...environment };
  return spawn(program === 'node' ? process.execPath : program, rest, { cwd: folder, env });
}
