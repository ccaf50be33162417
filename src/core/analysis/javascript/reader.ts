import type { ClassMethod, Node, ObjectMethod, Statement } from '@babel/types';
import type { Span } from '../document.ts';
import { Functions } from '../program/functions.ts';
import type { Declared, Readings } from '../program/functions.ts';
import type { Invocation } from '../program/machine.ts';
import { Machine, NO_KEYWORDS } from '../program/machine.ts';
import type { Recorder } from '../program/recorder.ts';
import { Scope } from '../program/scope.ts';
import type { Closure, Value } from '../program/value.ts';
import { ref, sequence, UNKNOWN } from '../program/value.ts';
import { behaviours, isEnvironment, propertyOf, sourceOf } from './behaviours.ts';
import { canonicalName } from './names.ts';
import { bindPattern } from './patterns.ts';
import { readNode } from './nodes.ts';
import { NO_STORES, storesIn } from './steady.ts';
import type { Stores } from './steady.ts';

/** A function of the program. */
export interface Definition extends Declared {
  readonly parameters: readonly Node[];
  readonly body: Node;
}

/** Reads a JavaScript or TypeScript tree in the order in which it would run, as far as that is known. */
export class ScriptReader {
  readonly recorder: Recorder;
  readonly machine: Machine;
  scope = new Scope('module');
  branch = 0;
  /** What is read now happens exactly once: a round of a loop that is gone through. */
  exact = false;
  definition: (Definition & Readings) | undefined;
  readonly functions: Functions<Definition>;
  self: Value = UNKNOWN;
  /** Methods that run when a property is read, by the ids of their functions. */
  private readonly getters = new Map<number, Span>();
  private storesKnown: Stores | undefined;
  private root: Node | undefined;

  constructor(recorder: Recorder) {
    this.recorder = recorder;
    this.functions = new Functions(recorder, (definition, call, self) => this.enter(definition, call, self));
    this.machine = new Machine(recorder, {
      family: 'JavaScript',
      functions: behaviours,
      canonical: canonicalName,
      isEnvironment,
      sourceOf,
      property: (owner, name) => this.gotten(owner, name) ?? propertyOf(owner, name),
      constructorName: 'constructor',
      follows: (callee, call) => callee.kind === 'closure' && this.functions.follows(callee, call),
      run: (closure, call) => this.functions.run(closure, call),
    });
  }

  read(program: { readonly body: readonly Statement[] } & Node): void {
    this.root = program;
    this.block(program.body);
    this.functions.readRest();
  }

  /** How often each name is given a value in the program. */
  get stores(): Stores {
    this.storesKnown ??= this.root ? storesIn(this.root, () => this.recorder.budget.spend()) : NO_STORES;
    return this.storesKnown;
  }

  /** Statements in order; functions that they declare are there from the beginning. */
  block(body: readonly Node[]): void {
    for (const node of body) {
      const declared =
        node.type === 'ExportNamedDeclaration' || node.type === 'ExportDefaultDeclaration'
          ? node.declaration
          : node;
      if (declared?.type === 'FunctionDeclaration' && declared.id)
        this.scope.declare(declared.id.name, this.define(declared.params, declared.body));
    }
    for (const node of body) this.node(node);
  }

  node(node: Node | null | undefined): Value {
    if (!node) return UNKNOWN;
    this.recorder.budget.spend();
    return readNode(this, node);
  }

  branched(read: () => void): void {
    this.branch += 1;
    read();
    this.branch -= 1;
  }

  within<T>(scope: Scope, read: () => T): T {
    const outer = this.scope;
    this.scope = scope;
    const result = read();
    this.scope = outer;
    return result;
  }

  lookup(name: string): Value {
    return this.scope.lookup(name) ?? ref(canonicalName(name));
  }

  assign(name: string, value: Value): void {
    const owner = this.scope.owner(name);
    // An inner function may run at any time.
    if (owner && owner.home !== this.scope.home) owner.assign(name, value, Number.MAX_SAFE_INTEGER);
    else (owner ?? this.scope.home).assign(name, value, this.branch);
  }

  /** A method, or what a getter gives whenever it is asked. */
  method(node: ObjectMethod | ClassMethod, self: Value): Closure {
    const closure = this.define(node.params, node.body, self);
    if (node.kind === 'get') this.getters.set(closure.id, this.span(node));
    return closure;
  }

  private gotten(owner: Value, name: string): Value | undefined {
    const own = owner.kind === 'record' && this.getters.size > 0 ? owner.members.get(name) : undefined;
    const span = own?.kind === 'closure' ? this.getters.get(own.id) : undefined;
    if (own?.kind !== 'closure' || !span) return undefined;
    const callee = { ...own, self: owner };
    return this.machine.apply(callee, [], { callee, args: [], keywords: NO_KEYWORDS, span });
  }

  define(parameters: readonly Node[], body: Node, self?: Value): Closure {
    return this.functions.define({ parameters, body, scope: this.scope, self });
  }

  private enter(
    definition: Definition & Readings,
    call: Invocation | undefined,
    self: Value | undefined,
  ): void {
    const [scope, branch, outer, outerSelf] = [this.scope, this.branch, this.definition, this.self];
    this.scope = new Scope('function', definition.scope);
    this.branch = 0;
    this.definition = definition;
    this.self = self ?? UNKNOWN;
    this.bind(definition.parameters, call);
    const result = this.node(definition.body);
    if (definition.body.type !== 'BlockStatement') definition.returns.push(result);
    [this.scope, this.branch, this.definition, this.self] = [scope, branch, outer, outerSelf];
  }

  private bind(parameters: readonly Node[], call: Invocation | undefined): void {
    parameters.forEach((parameter, index) => {
      const target = parameter.type === 'TSParameterProperty' ? parameter.parameter : parameter;
      if (target.type === 'RestElement')
        bindPattern(this, target.argument, sequence(call?.args.slice(index) ?? [], call === undefined), true);
      else bindPattern(this, target, call?.args[index] ?? UNKNOWN, true);
    });
    this.scope.declare('arguments', sequence(call?.args ?? [], call === undefined));
  }

  /** Takes note of the use of something that the program did not define. */
  note(value: Value, node: Node, via: 'direct' | 'dynamic' = 'direct'): void {
    if (value.kind === 'choice') value.options.forEach((option) => this.note(option, node, via));
    else if (value.kind === 'ref') this.recorder.reference(value.name, this.span(node), via);
    else if (value.kind === 'closure') this.recorder.mention(value.id);
  }

  span({ loc }: Node): Span {
    if (!loc) return { line: 1, column: 1, endLine: 1, endColumn: 1 };
    return {
      line: loc.start.line,
      column: loc.start.column + 1,
      endLine: loc.end.line,
      endColumn: loc.end.column + 1,
    };
  }
}
