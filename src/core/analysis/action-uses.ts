import type { ActionPattern } from './actions.ts';
import {
  CLIENT_MODULE,
  DUMP_COMMANDS,
  KNOWN_ACTIONS,
  OPERATIONS,
  PLUGIN_MODULE,
  UNKNOWN_OPERATION,
} from './actions.ts';
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

/** What is done with the answer is the same use: read_events()[0]. */
const withoutAnswer = (segment: string): string => segment.replace(/[([].*$/, '');

/** The operation that a segment means; undefined where there can be none of that name. */
function bareName(segment = ''): string | undefined {
  const bare = snakeCase(withoutAnswer(segment));
  return /^[a-z][a-z0-9_]{0,62}$/.test(bare) ? bare : undefined;
}

/** A name of the client module, as the module reads it: the plugin and its operation, each exactly as the gateway knows it. */
interface PluginUse {
  /** Undefined: the program names it at run time. */
  readonly plugin: string | undefined;
  readonly operation: string | undefined;
}

/** The operation that a name of the client module leads to; undefined where it leads to none. */
function pluginUseOf(name: string): PluginUse | undefined {
  const [module, table, ...rest] = name.split('.');
  if (module !== CLIENT_MODULE || table === undefined) return undefined;
  // Whoever reaches into the module may ask the gateway for anything.
  if (/^[_?]/.test(table)) return { plugin: undefined, operation: bareName(rest.at(-1)) };
  if (table !== 'plugins') return undefined;
  const [plugin, operation] = rest;
  if (plugin === undefined || withoutAnswer(plugin) === 'list') return undefined;
  if (plugin === '?' && operation === undefined) return { plugin: undefined, operation: undefined };
  const isPrivate = plugin.startsWith('_');
  if (operation === undefined && !isPrivate) return undefined;
  const named = snakeCase(plugin);
  return {
    plugin: /^[a-z][a-z0-9_-]*$/.test(named) ? named : undefined,
    operation: bareName(operation),
  };
}

function actionOfUse({ plugin, operation }: PluginUse, patterns: readonly ActionPattern[]): string {
  if (operation === undefined) return UNKNOWN_OPERATION;
  if (plugin === undefined) return KNOWN_ACTIONS.has(operation) ? operation : UNKNOWN_OPERATION;
  const exact = `${plugin}.${operation}`;
  const told = patterns.find(({ call }) => matches(`${PLUGIN_MODULE}.${exact}`, call));
  return told?.action ?? OPERATIONS.get(exact) ?? operation;
}

function matches(name: string, pattern: string): boolean {
  return pattern.endsWith('.*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

/** The action that using this name means, if any. */
function actionOf(name: string, patterns: readonly ActionPattern[]): string | undefined {
  const told = patterns.find(({ call }) => matches(name, call));
  if (told) return told.action;
  const use = pluginUseOf(name);
  if (use) return actionOfUse(use, patterns);
  if (name.startsWith(`${PLUGIN_MODULE}.`)) return undefined;
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
