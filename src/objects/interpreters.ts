import type { Language } from '../api/v1alpha1/names.ts';
import { WORKSPACE } from './supervisor.ts';

/**
 * Runs the decoded text of the program, so that a coding cookie cannot make Python read other code than the one that was judged.
 * No name is left behind in the program's own namespace; tracebacks show its lines.
 */
const PYTHON = `__import__('sys').path.insert(0, '${WORKSPACE}'); __import__('sys').argv[0] = '${WORKSPACE}/main.py'; \
exec(compile(open('${WORKSPACE}/main.py', encoding='utf-8-sig').read(), '${WORKSPACE}/main.py', 'exec'))`;

interface Interpreter {
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** How each language's program in the workspace is run. Adding a language: a line here. */
export const INTERPRETERS: Readonly<Record<Language, Interpreter>> = {
  Python: { command: ['python3', '-I', '-u', '-c', PYTHON], environment: { PYTHONDONTWRITEBYTECODE: '1' } },
  JavaScript: { command: ['node', `${WORKSPACE}/main.js`], environment: { NODE_NO_WARNINGS: '1' } },
  TypeScript: {
    command: ['node', '--experimental-transform-types', `${WORKSPACE}/main.ts`],
    environment: { NODE_NO_WARNINGS: '1' },
  },
  Bash: { command: ['bash', `${WORKSPACE}/main.sh`], environment: {} },
};
