import type { Module } from 'py-ast';
import type { Span } from '../document.ts';
import { Scope } from '../program/scope.ts';
import type { Members, Value } from '../program/value.ts';
import { isReachable } from './names.ts';
import type { PythonReader } from './reader.ts';

/** The trees of the files beside a program, by the name under which it imports them. */
export type Beside = ReadonlyMap<string, () => Module | undefined>;

/**
 * The modules that stand beside the program in the same request. Each is read once, when it is first imported, and unrecorded: it is
 * judged by itself as well. What its functions do with the arguments of a call is recorded at the place of that call.
 */
export class Modules {
  private readonly reader: PythonReader;
  private readonly beside: Beside;
  private readonly known = new Map<string, Members>();
  /** The package of the module that is being read. */
  private package: string | undefined;

  constructor(reader: PythonReader, beside: Beside) {
    this.reader = reader;
    this.beside = beside;
  }

  /** The full name of a module, from the dots and the name of an import statement. */
  nameOf(module: string, level: number): string {
    if (level === 0 || this.package === undefined) return module;
    const parts = this.package === '' ? [] : this.package.split('.');
    return [...parts.slice(0, parts.length - (level - 1)), ...(module === '' ? [] : [module])].join('.');
  }

  /** The module of this name; undefined when it is not one of the request. */
  find(name: string, span: Span): Members | undefined {
    const [head = name] = name.split('.');
    // What the interpreter itself has loaded before comes first.
    if (this.beside.size === 0 || isReachable(head)) return undefined;
    const known = this.known.get(name);
    if (known) return known;
    const tree = this.beside.get(name);
    return tree || this.isPackage(name) ? this.read(name, tree, span) : undefined;
  }

  /** What a module gives under this name: what it defines, or a module inside it. */
  member(module: Members, name: string, member: string, span: Span): Value | undefined {
    return module.members.get(member) ?? this.find(`${name}.${member}`, span);
  }

  private isPackage(name: string): boolean {
    return [...this.beside.keys()].some((other) => other.startsWith(`${name}.`));
  }

  private read(name: string, tree: (() => Module | undefined) | undefined, span: Span): Members {
    const scope = new Scope('module');
    const made: Members = { kind: 'record', role: 'object', members: scope.names, inherits: [], taint: 0 };
    this.known.set(name, made);
    const [outer, dot] = [this.package, name.lastIndexOf('.')];
    const parent = dot < 0 ? undefined : this.find(name.slice(0, dot), span);
    parent?.members.set(name.slice(dot + 1), made);
    this.package = this.isPackage(name) ? name : name.slice(0, Math.max(dot, 0));
    const body = tree?.()?.body;
    const { reader } = this;
    if (body)
      reader.elsewhere(span, () =>
        reader.within(scope, () => reader.recorder.quietly(() => reader.statements(body))),
      );
    this.package = outer;
    return made;
  }
}
