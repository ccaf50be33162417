import type { ExprNode, StmtNode } from 'py-ast';
import type { Document, Span } from '../document.ts';
import { Functions } from '../program/functions.ts';
import type { Declared, Readings } from '../program/functions.ts';
import type { Invocation } from '../program/machine.ts';
import { Machine } from '../program/machine.ts';
import type { Recorder } from '../program/recorder.ts';
import { Scope } from '../program/scope.ts';
import type { Value } from '../program/value.ts';
import { choice, ref, sequence, UNKNOWN } from '../program/value.ts';
import { behaviours, isEnvironment, sourceOf } from './behaviours.ts';
import { readExpression } from './expressions.ts';
import { canonicalName } from './names.ts';
import type { Beside } from './modules.ts';
import { Modules } from './modules.ts';
import { propertyOf } from './objects.ts';
import { readStatement } from './statements.ts';
import { storesIn } from './steady.ts';
import type { Stores } from './steady.ts';

export type Parameters = Extract<ExprNode, { nodeType: 'Lambda' }>['args'];

/** Where a node stands, as py-ast tells it. */
export interface Placed {
  readonly lineno?: number;
  readonly col_offset?: number;
  readonly end_lineno?: number;
  readonly end_col_offset?: number;
}

/** A function of the program. */
export interface Definition extends Declared {
  readonly name: string;
  readonly parameters: Parameters;
  /** What parameters are when nobody gives them, by name. */
  readonly defaults: ReadonlyMap<string, Value>;
  readonly body: readonly StmtNode[] | ExprNode;
  readonly bound: boolean;
  /** It belongs to another file of the request. */
  readonly foreign: boolean;
}

/** Rounds of loops within loops that are followed one by one. */
const MAXIMUM_ROUNDS = 1024;
const MAXIMUM_LOOP = 400;

/** Reads a Python tree in the order in which it would run, as far as that is known. */
export class PythonReader {
  readonly recorder: Recorder;
  readonly machine: Machine;
  readonly document: Document;
  readonly starred: string[] = [];
  scope: Scope;
  /** How many branches deep the reading is. */
  branch = 0;
  /** How many `try` around it wait for an exception that ends loops. */
  catching = 0;
  /** What the function that is being read has yielded. */
  yields: Value[] = [];
  /** What was raised so far, for the handlers that name it. */
  readonly raised: Value[] = [];
  /** Functions that are read like attributes. */
  readonly properties = new Set<number>();
  /** Where an attribute is being read. */
  place: Placed | undefined;
  /** A loop is being read for the second time. */
  again = false;
  /** The function that is being read. */
  definition: (Definition & Readings) | undefined;
  readonly functions: Functions<Definition>;
  readonly modules: Modules;
  /** The place in this document by which another file is read. */
  private through: Span | undefined;
  private rounds = 1;
  private body: readonly StmtNode[] = [];
  private storesKnown: Stores | undefined;
  private readonly columns = new Map<number, readonly number[] | undefined>();
  /** Whether all of the program is ASCII. */
  readonly isAscii: boolean;

  constructor(document: Document, recorder: Recorder, beside: Beside = new Map()) {
    this.modules = new Modules(this, beside);
    this.document = document;
    this.isAscii = ASCII.test(document.text);
    this.recorder = recorder;
    this.scope = new Scope('module');
    this.functions = new Functions(recorder, (definition, call, self) => this.enter(definition, call, self));
    this.machine = new Machine(recorder, {
      family: 'Python',
      functions: behaviours,
      canonical: canonicalName,
      isEnvironment,
      sourceOf,
      constructorName: '__init__',
      property: (owner, name) => propertyOf(this, owner, name),
      follows: (callee, call) => callee.kind === 'closure' && this.functions.follows(callee, call),
      run: (closure, call) => this.functions.run(closure, call),
    });
  }

  /** How often each name is given a value in the program. */
  get stores(): Stores {
    this.storesKnown ??= storesIn(this.body, () => this.recorder.budget.spend());
    return this.storesKnown;
  }

  read(body: readonly StmtNode[]): void {
    this.body = body;
    this.statements(body);
    this.functions.readRest();
  }

  statements(body: readonly StmtNode[]): void {
    for (const statement of body) {
      this.recorder.budget.spend();
      readStatement(this, statement);
    }
  }

  /** Statements that may or may not run. */
  branched(body: readonly StmtNode[]): void {
    this.branch += 1;
    this.statements(body);
    this.branch -= 1;
  }

  expression(node: ExprNode | undefined | null): Value {
    if (!node) return UNKNOWN;
    this.recorder.budget.spend();
    return readExpression(this, node);
  }

  lookup(name: string): Value {
    const known = this.scope.lookup(name);
    if (known) return known;
    const builtin = ref(canonicalName(name));
    return this.starred.length === 0
      ? builtin
      : choice([builtin, ...this.starred.map((module) => ref(canonicalName(`${module}.${name}`)))]);
  }

  /** sys.modules[name] */
  lookupModule(name: string | undefined): Value {
    return name === undefined ? ref('sys.modules[]') : ref(canonicalName(name));
  }

  assign(name: string, value: Value): void {
    this.scope.home.assign(name, value, this.branch);
  }

  /** Reads something in a scope of its own. */
  within<T>(scope: Scope, read: () => T): T {
    const outer = this.scope;
    this.scope = scope;
    const result = read();
    this.scope = outer;
    return result;
  }

  /** How many rounds a loop may have to be followed round by round, within those that are followed already. */
  get roundsLeft(): number {
    return this.recorder.budget.isHalfSpent ? 0 : Math.min(MAXIMUM_ROUNDS / this.rounds, MAXIMUM_LOOP);
  }

  /** Follows a loop round by round; nothing is recorded. */
  following<T>(rounds: number, read: () => T): T {
    const outer = this.rounds;
    this.rounds *= Math.max(1, rounds);
    const result = this.recorder.quietly(read);
    this.rounds = outer;
    return result;
  }

  /** Whether what is being read stands in another file. */
  get isElsewhere(): boolean {
    return this.through !== undefined;
  }

  /** Reads a part of another file; what it does is told at this place. */
  elsewhere(place: Span, read: () => void): void {
    const outer = this.through;
    this.through ??= place;
    read();
    this.through = outer;
  }

  private enter(
    definition: Definition & Readings,
    call: Invocation | undefined,
    self: Value | undefined,
  ): void {
    if (!definition.foreign) this.enterHere(definition, call, self);
    // Nobody calls it from here; it is judged in its own file.
    else if (call) this.elsewhere(call.span, () => this.enterHere(definition, call, self));
  }

  private enterHere(
    definition: Definition & Readings,
    call: Invocation | undefined,
    self: Value | undefined,
  ): void {
    const [scope, branch, outer, yields] = [this.scope, this.branch, this.definition, this.yields];
    this.yields = [];
    this.scope = new Scope('function', definition.scope);
    this.branch = 0;
    this.definition = definition;
    this.bind(definition, call, self);
    if (Array.isArray(definition.body)) this.statements(definition.body);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Array.isArray does not narrow a readonly array away
    else definition.returns.push(this.expression(definition.body as ExprNode));
    if (this.yields.length > 0) definition.returns.push(sequence(this.yields, true));
    [this.scope, this.branch, this.definition, this.yields] = [scope, branch, outer, yields];
  }

  private bind(
    { parameters, bound, defaults }: Definition,
    call: Invocation | undefined,
    self: Value | undefined,
  ): void {
    const given = [...(bound && self ? [self] : []), ...(call?.args ?? [])];
    const positional = [...parameters.posonlyargs, ...parameters.args];
    const named = [...positional, ...parameters.kwonlyargs];
    named.forEach(({ arg, annotation }, index) => {
      const position = index < positional.length ? given[index] : undefined;
      const left = defaults.get(arg);
      const absent = call ? left : left && choice([left, UNKNOWN]);
      this.scope.declare(arg, position ?? call?.keywords.get(arg) ?? absent ?? this.annotated(annotation));
    });
    if (parameters.vararg)
      this.scope.declare(parameters.vararg.arg, sequence(given.slice(positional.length), call === undefined));
    if (!parameters.kwarg) return;
    const names = new Set(named.map(({ arg }) => arg));
    const members = new Map([...(call?.keywords ?? [])].filter(([name]) => !names.has(name)));
    const rest: Value = { kind: 'record', role: 'dict', members, inherits: [], taint: 0 };
    this.scope.declare(parameters.kwarg.arg, call ? rest : UNKNOWN);
  }

  /** A parameter that nobody was seen to give: an instance of the class that its annotation names, if that is somebody else's. */
  private annotated(annotation: ExprNode | undefined): Value {
    if (annotation?.nodeType !== 'Name' && annotation?.nodeType !== 'Attribute') return UNKNOWN;
    const type = this.expression(annotation);
    return type.kind === 'ref' && /[A-Z]\w*$/.test(type.name) ? ref(`${type.name}()`) : UNKNOWN;
  }

  /** Takes note of the use of something that the program did not define. */
  note(value: Value, node: Placed, via: 'direct' | 'dynamic' = 'direct'): void {
    if (value.kind === 'choice') value.options.forEach((option) => this.note(option, node, via));
    else if (value.kind === 'ref') this.recorder.reference(value.name, this.span(node), via);
    else if (value.kind === 'closure') this.recorder.mention(value.id);
  }

  span(node: Placed): Span {
    if (this.through) return this.through;
    const line = node.lineno ?? 1;
    const endLine = node.end_lineno ?? line;
    return {
      line,
      column: this.columnOf(line, node.col_offset ?? 0),
      endLine,
      endColumn: this.columnOf(endLine, node.end_col_offset ?? (node.col_offset ?? 0) + 1),
    };
  }

  /** py-ast counts UTF-8 bytes, as CPython does; people count characters. */
  private columnOf(line: number, offset: number): number {
    if (this.isAscii) return offset + 1;
    let table = this.columns.get(line);
    if (!this.columns.has(line)) {
      table = columnsOf(this.document.lines[line - 1] ?? '');
      this.columns.set(line, table);
    }
    return (table ? (table[offset] ?? table.length) : offset) + 1;
  }
}

// oxlint-disable-next-line no-control-regex -- all of ASCII
const ASCII = /^[\u0000-\u007f]*$/;

/** For each UTF-8 byte of the line, the UTF-16 unit that it belongs to; undefined where both are the same. */
function columnsOf(line: string): readonly number[] | undefined {
  if (ASCII.test(line)) return undefined;
  const table: number[] = [];
  let unit = 0;
  for (const character of line) {
    for (let bytes = Buffer.byteLength(character); bytes > 0; bytes -= 1) table.push(unit);
    unit += character.length;
  }
  table.push(unit);
  return table;
}
