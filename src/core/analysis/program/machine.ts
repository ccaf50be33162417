import type { Span } from '../document.ts';
import { binary } from './arithmetic.ts';
import { callTextMethod } from './fold-text.ts';
import type { Family } from './program.ts';
import type { Recorder } from './recorder.ts';
import type { Closure, Members, Ref, Value } from './value.ts';
import {
  choice,
  optionsOf,
  ref,
  sequence,
  TAINT,
  tainted,
  taintOf,
  text,
  unknown,
  UNKNOWN,
} from './value.ts';

/** A call as it is evaluated. */
export interface Invocation {
  readonly callee: Value;
  readonly args: readonly Value[];
  readonly keywords: ReadonlyMap<string, Value>;
  readonly span: Span;
}

/** What a call gives; undefined when nothing better is known than that somebody was called. */
export type Behaviour = (call: Invocation, machine: Machine) => Value | undefined;

/** What differs between languages when values meet. */
export interface Dialect {
  readonly family: Family;
  /** Functions whose results matter, by qualified name. */
  readonly functions: ReadonlyMap<string, Behaviour>;
  /** One name for things that go by many. */
  canonical(name: string): string;
  /** Whether the name stands for the environment, or a variable of it. */
  isEnvironment(name: string): boolean;
  /** Bits of TAINT that the result of this function carries. */
  sourceOf(name: string): number;
  /** Whether the body of the callee is read with these arguments. */
  follows(callee: Value, call: Invocation): boolean;
  /** Runs the body of a function of the program itself. */
  run(closure: Closure, call: Invocation): Value;
  /** Properties that a value of the language has beside its own. */
  property?(owner: Value, name: string): Value | undefined;
  /** What the constructor of a class of the program is called. */
  readonly constructorName: string;
}

const MAXIMUM_NAME = 160;
export const NO_KEYWORDS: ReadonlyMap<string, Value> = new Map();

/** Evaluates what can be known without running anything. */
export class Machine {
  readonly recorder: Recorder;
  readonly dialect: Dialect;

  constructor(recorder: Recorder, dialect: Dialect) {
    this.recorder = recorder;
    this.dialect = dialect;
  }

  /** `owner.name` */
  attribute(owner: Value, name: string): Value {
    this.recorder.budget.spend();
    const special = this.dialect.property?.(owner, name);
    if (special) return special;
    switch (owner.kind) {
      case 'ref':
        return this.named(owner, name);
      case 'record':
        return this.memberOf(owner, name);
      case 'choice':
        return choice(owner.options.map((option) => this.attribute(option, name)));
      case 'unknown':
      case 'truth':
        return unknown(owner.taint);
      default:
        return { kind: 'method', name, receiver: owner, taint: owner.taint };
    }
  }

  private named(owner: Ref, name: string): Value {
    const full = `${owner.name}.${name}`;
    if (full.length > MAXIMUM_NAME) return unknown(owner.taint);
    const canonical = this.dialect.canonical(full);
    // A variable of the environment carries its taint without a call.
    const taint = this.dialect.isEnvironment(canonical) ? owner.taint | TAINT.Environment : owner.taint;
    return { kind: 'ref', name: canonical, taint, receiver: owner };
  }

  private memberOf(owner: Members, name: string): Value {
    const own = owner.members.get(name);
    if (own) return own.kind === 'closure' && owner.role === 'instance' ? { ...own, self: owner } : own;
    for (const parent of owner.inherits) {
      const found =
        parent === owner
          ? UNKNOWN
          : this.attribute(owner.role === 'instance' ? asInstance(parent) : parent, name);
      if (found.kind !== 'unknown')
        return found.kind === 'closure' && owner.role === 'instance' ? { ...found, self: owner } : found;
    }
    return owner.role === 'dict'
      ? { kind: 'method', name, receiver: owner, taint: owner.taint }
      : unknown(owner.taint);
  }

  /** `owner[key]` with a key that is not an attribute of the language. */
  item(owner: Value, key: Value): Value {
    this.recorder.budget.spend();
    const taint = owner.taint | key.taint;
    switch (owner.kind) {
      case 'sequence': {
        if (key.kind !== 'number') return choice([...owner.items, ...(owner.open ? [UNKNOWN] : [])]);
        return owner.items.at(key.value) ?? unknown(taint);
      }
      case 'text':
        return key.kind === 'number' && owner.text.at(key.value) !== undefined
          ? text(owner.text.at(key.value) ?? '', taint, owner.bytes)
          : unknown(taint);
      case 'record':
        return key.kind === 'text'
          ? (owner.members.get(key.text) ?? unknown(taint))
          : choice([...owner.members.values()].slice(0, 200));
      case 'choice':
        return choice(owner.options.map((option) => this.item(option, key)));
      case 'ref':
        return owner.name.length > MAXIMUM_NAME
          ? unknown(taint)
          : ref(`${owner.name}[]`, { taint, receiver: owner });
      default:
        return unknown(taint);
    }
  }

  /** What a loop over the value goes through. */
  element(owner: Value): Value {
    switch (owner.kind) {
      case 'sequence':
        return owner.items.length === 0 || owner.open
          ? choice([...owner.items, unknown(owner.taint)])
          : choice(owner.items);
      case 'record':
        return choice([...owner.members.keys()].slice(0, 200).map((name) => text(name)));
      case 'text':
        return owner.text.length <= 12
          ? choice([...owner.text].map((character) => text(character)))
          : unknown(owner.taint);
      case 'choice':
        return choice(owner.options.map((option) => this.element(option)));
      case 'ref':
        return owner.name.length > MAXIMUM_NAME
          ? unknown(owner.taint)
          : ref(`${owner.name}[]`, { taint: owner.taint, receiver: owner });
      default:
        return unknown(owner.taint);
    }
  }

  operate(operator: string, left: Value, right: Value, span: Span): Value {
    this.recorder.budget.spend();
    if (left.kind === 'choice' || right.kind === 'choice')
      this.recorder.budget.spend(optionsOf(left).length * optionsOf(right).length);
    const { value, bytes } = binary(operator, left, right);
    if (value.kind === 'text') this.recorder.budget.spend(value.text.length >> 8);
    this.recorder.allocation(bytes, span);
    return value;
  }

  /** Records the call, and tells what it gives. */
  invoke(call: Invocation): Value {
    if (call.callee.kind !== 'choice') return this.invokeOne(call);
    const results = optionsOf(call.callee).map((callee) => this.invokeOne({ ...call, callee }));
    return choice(results);
  }

  /** Calls a function that was handed to another one, such as map or Thread. */
  apply(callee: Value | undefined, args: readonly Value[], { span }: Invocation): Value {
    if (!callee || callee.kind === 'unknown') return UNKNOWN;
    return this.invoke({ callee, args, keywords: NO_KEYWORDS, span });
  }

  private invokeOne(call: Invocation): Value {
    const { callee, args, keywords, span } = call;
    this.recorder.budget.spend(1 + args.length);
    const name = callee.kind === 'ref' ? callee.name : undefined;
    const followed = this.dialect.follows(callee, call);
    this.recorder.call({ name, callee, args, keywords, span, followed });
    const taint = callee.taint | taintOf(args);
    switch (callee.kind) {
      case 'ref':
        return this.invokeRef(callee, call, taint);
      case 'closure':
        return this.dialect.run(callee, call);
      case 'method':
        return this.invokeMethod(callee.name, callee.receiver, call) ?? unknown(taint);
      case 'bound':
        return this.invoke({ ...call, callee: callee.callee, args: [...callee.before, ...args] });
      case 'record':
        return this.instantiate(callee, call);
      default:
        return unknown(taint);
    }
  }

  private invokeRef(callee: Ref, call: Invocation, taint: number): Value {
    const bits = taint | this.dialect.sourceOf(callee.name);
    const known = this.behaviourOf(callee)?.(call, this);
    if (known) return tainted(known, bits);
    if (callee.name.length > MAXIMUM_NAME) return unknown(bits);
    return { kind: 'ref', name: `${callee.name}()`, taint: bits, receiver: callee.receiver, made: call.args };
  }

  /** By name, or for methods of any object by "*" and the last segment. */
  private behaviourOf({ name, receiver }: Ref): Behaviour | undefined {
    const { functions } = this.dialect;
    return (
      functions.get(name) ??
      (receiver ? functions.get(`*.${name.slice(name.lastIndexOf('.') + 1)}`) : undefined)
    );
  }

  private invokeMethod(name: string, receiver: Value, call: Invocation): Value | undefined {
    this.recorder.budget.spend(workOf(receiver));
    const own = this.dialect.functions.get(`#${receiver.kind}.${name}`)?.(call, this);
    if (own) return tainted(own, receiver.taint | taintOf(call.args));
    const folded = receiver.kind === 'text' ? callTextMethod(name, receiver, call.args) : undefined;
    return folded && tainted(folded, receiver.taint | taintOf(call.args));
  }

  private instantiate(callee: Members, call: Invocation): Value {
    if (callee.role === 'instance') {
      const method = this.memberOf(callee, '__call__');
      return method.kind === 'closure' ? this.dialect.run(method, call) : UNKNOWN;
    }
    const instance: Members = {
      kind: 'record',
      role: 'instance',
      members: callee.members,
      inherits: [callee],
      taint: 0,
    };
    const constructor = callee.members.get(this.dialect.constructorName);
    if (constructor?.kind === 'closure') this.dialect.run({ ...constructor, self: instance }, call);
    return instance;
  }
}

/** A method looks at all of what it belongs to. */
const workOf = (receiver: Value): number =>
  receiver.kind === 'text'
    ? receiver.text.length >> 5
    : receiver.kind === 'sequence'
      ? receiver.items.length >> 3
      : 0;

/** What a class of somebody else gives when it is called. */
const asInstance = (parent: Value): Value =>
  parent.kind === 'ref' && !parent.name.endsWith('()')
    ? ref(`${parent.name}()`, { taint: parent.taint })
    : parent;

export const listed = (values: readonly Value[]): Value => sequence(values);
