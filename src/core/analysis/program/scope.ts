import type { Value } from './value.ts';
import { choice } from './value.ts';

/** Names of one block, function, class or module, and what they stand for as far as the reading has come. */
export class Scope {
  readonly parent: Scope | undefined;
  readonly kind: 'module' | 'function' | 'class' | 'block';
  /** In a class: what stands for an object of it. */
  instance: Value | undefined;
  readonly names = new Map<string, Value>();
  private borrowed: Map<string, Scope> | undefined;
  /** How many branches deep the reader was when the scope began; deeper in, an assignment may not have happened. */
  private readonly branch: number;

  constructor(kind: Scope['kind'], parent?: Scope, branch = 0) {
    this.kind = kind;
    this.parent = parent;
    this.branch = branch;
  }

  /** Inner functions do not see the names of the class around them. */
  lookup(name: string): Value | undefined {
    let inFunction = this.kind === 'function';
    for (let scope: Scope | undefined = this; scope; scope = scope.parent) {
      const value = scope.kind === 'class' && inFunction ? undefined : scope.names.get(name);
      if (value) return value;
      inFunction ||= scope.kind === 'function';
    }
    return undefined;
  }

  /** The scope that declares the name, if any. */
  owner(name: string): Scope | undefined {
    for (let scope: Scope | undefined = this; scope; scope = scope.parent) {
      if (scope.names.has(name)) return scope;
    }
    return undefined;
  }

  /** The function or module around it. */
  get home(): Scope {
    let scope: Scope = this;
    while (scope.kind === 'block' && scope.parent) scope = scope.parent;
    return scope;
  }

  declare(name: string, value: Value): void {
    this.names.set(name, value);
  }

  /** From here on the name is that of another scope: `global`, `nonlocal`. */
  borrow(name: string, from: Scope): void {
    this.borrowed ??= new Map();
    this.borrowed.set(name, from);
  }

  /** Later values replace earlier ones, but in a branch either may hold afterwards. */
  assign(name: string, value: Value, branch: number): void {
    const lender = this.borrowed?.get(name);
    // Nobody knows when the function runs: either value may hold.
    if (lender && lender !== this) return lender.assign(name, value, Infinity);
    const known = this.names.get(name);
    this.names.set(name, known && branch > this.branch ? choice([known, value]) : value);
  }
}
