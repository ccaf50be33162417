import { spawnSync } from 'node:child_process';

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const PROGRAM = process.env['SEKISHO_KUBECTL'] ?? 'kubectl';

/** Runs kubectl, as a user would, and answers how it ended. The first argument may bring its standard input. */
export function kubectl(first: string | { readonly input: string }, ...rest: readonly string[]): Ended {
  const [input, args] = typeof first === 'string' ? ['', [first, ...rest]] : [first.input, rest];
  const { status, stdout, stderr, error } = spawnSync(PROGRAM, args, {
    input,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (error) throw error;
  return { code: status ?? 1, stdout, stderr };
}

/** The same where failing is not expected. */
export function mustKubectl(...args: readonly [string, ...string[]]): string {
  const { code, stdout, stderr } = kubectl(...args);
  if (code !== 0) throw new Error(`kubectl ${args.join(' ')} ended with ${code}:\n${stderr}${stdout}`);
  return stdout;
}
