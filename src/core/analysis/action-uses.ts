import type { ActionPattern } from './actions.ts';
import { DUMP_COMMANDS, KNOWN_ACTIONS, OPERATIONS, PLUGIN_MODULE } from './actions.ts';
import type { Span } from './document.ts';
import { namesLike } from './matching/lists.ts';
import type { Program } from './program/program.ts';
import type { ActionUse } from './report.ts';

/** An action that a program performs, and where in that program. */
export interface ActionPlace {
  readonly action: string;
  readonly span: Span;
}

const snakeCase = (name: string): string =>
  /[A-Z]/.test(name) ? name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase() : name;

function ofPlugin(rest: string): string | undefined {
  const [plugin, operation] = rest.split('.').map(snakeCase);
  if (plugin === undefined || operation === undefined) return undefined;
  // What is done with the answer is the same use: read_events()[0].
  const bare = operation.replace(/[([].*$/, '');
  return OPERATIONS.get(`${plugin}.${bare}`) ?? (/^\w+$/.test(bare) ? bare : 'unknown_operation');
}

function matches(name: string, pattern: string): boolean {
  return pattern.endsWith('.*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

/** The action that using this name means, if any. */
function actionOf(name: string, patterns: readonly ActionPattern[]): string | undefined {
  const told = patterns.find(({ call }) => matches(name, call));
  if (told) return told.action;
  if (name.startsWith(`${PLUGIN_MODULE}.`)) return ofPlugin(name.slice(PLUGIN_MODULE.length + 1));
  const last = snakeCase(name.slice(name.lastIndexOf('.') + 1));
  return KNOWN_ACTIONS.has(last) ? last : undefined;
}

const NONE: readonly ActionPattern[] = [];

/** Names that mean an action whatever the policies say. */
export const ACTING = namesLike({
  test: (name) => DUMP_COMMANDS.has(name) || actionOf(name, NONE) !== undefined,
});

/** The actions of one program: what it refers to counts, not only what it calls. */
export function actionPlacesIn(program: Program, patterns = NONE): readonly ActionPlace[] {
  if (patterns.length === 0 && !program.listed.has(ACTING)) return [];
  const named = program.references.flatMap(({ name, span }) => {
    const action = actionOf(name, patterns);
    return action === undefined ? [] : [{ action, span }];
  });
  const run = program.commands.flatMap(({ name, span }) => {
    const action =
      name === undefined ? undefined : DUMP_COMMANDS.has(name) ? 'export_data' : actionOf(name, patterns);
    return action === undefined ? [] : [{ action, span }];
  });
  return [...named, ...run];
}

/** The actions of all programs, each once, at its first place in the main program. */
export function actionUsesOf(
  programs: readonly Program[],
  patterns: readonly ActionPattern[],
): readonly ActionUse[] {
  const uses = new Map<string, ActionUse>();
  for (const program of programs) {
    for (const { action, span } of actionPlacesIn(program, patterns)) {
      const { line, column } = program.host?.span ?? span;
      if (!uses.has(action)) uses.set(action, { action, line, column });
    }
  }
  return [...uses.values()].sort(
    (a, b) => a.line - b.line || a.column - b.column || (a.action < b.action ? -1 : 1),
  );
}
