import { parse } from '@babel/parser';
import { readdirSync, readFileSync } from 'node:fs';

/** One import, export-from, import() or require() of a file. */
export interface Import {
  readonly specifier: string;
  /** Gone before the program runs. */
  readonly typeOnly: boolean;
}

interface Node {
  readonly type: string;
  readonly [field: string]: unknown;
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';

function* nodesOf(value: unknown): Iterable<Node> {
  if (Array.isArray(value)) for (const item of value) yield* nodesOf(item);
  if (!isNode(value)) return;
  yield value;
  for (const [field, child] of Object.entries(value)) if (field !== 'loc') yield* nodesOf(child);
}

/** What stands between the parentheses; a name that is put together at run time cannot be judged, and is told as such. */
const textOf = (node: unknown): string =>
  isNode(node) && node.type === 'StringLiteral' ? String(node['value']) : '(not a literal)';

function declaration(node: Node, kind: unknown): Import {
  const specifiers = (node['specifiers'] ?? []) as readonly Node[];
  const allTypes =
    specifiers.length > 0 && specifiers.every((one) => (one['importKind'] ?? one['exportKind']) === 'type');
  return { specifier: textOf(node['source']), typeOnly: kind === 'type' || allTypes };
}

function importIn(node: Node): Import | undefined {
  const [first] = (node['arguments'] ?? []) as readonly unknown[];
  const callee = node['callee'] as Node | undefined;
  switch (node.type) {
    case 'ImportDeclaration':
      return declaration(node, node['importKind']);
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
      return node['source'] ? declaration(node, node['exportKind']) : undefined;
    case 'ImportExpression':
      return { specifier: textOf(node['source']), typeOnly: false };
    case 'TSImportType':
      return { specifier: textOf(node['argument']), typeOnly: true };
    case 'TSExternalModuleReference':
      return { specifier: textOf(node['expression']), typeOnly: false };
    case 'CallExpression': {
      const loads = callee?.type === 'Import' || callee?.['name'] === 'require';
      return loads ? { specifier: textOf(first), typeOnly: false } : undefined;
    }
    default:
      return undefined;
  }
}

/** Of .tsx where it is that: `<T>expression` means another thing there, so plain TypeScript is tried first. */
function parsed(source: string) {
  try {
    return parse(source, { sourceType: 'module', plugins: ['typescript'] });
  } catch {
    return parse(source, { sourceType: 'module', plugins: ['typescript', 'jsx'] });
  }
}

/** Every import of a TypeScript source, whatever form it has. */
export function importsOf(source: string): readonly Import[] {
  const { program } = parsed(source);
  return [...nodesOf(program)].flatMap((node) => importIn(node) ?? []);
}

/** Paths below a folder, sorted. */
export const filesBelow = (folder: string, ending: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(ending))
    .map((path) => `${folder}/${path}`)
    .toSorted();

export const textAt = (path: string): string => readFileSync(path, 'utf8');
