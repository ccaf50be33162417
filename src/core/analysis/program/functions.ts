import type { Invocation } from './machine.ts';
import type { Recorder } from './recorder.ts';
import type { Scope } from './scope.ts';
import { signatureOf } from './signature.ts';
import type { Closure, Value } from './value.ts';
import { choice, taintOf, unknown, UNKNOWN } from './value.ts';

/** What every language must tell of a function of the program. */
export interface Declared {
  readonly scope: Scope;
  readonly self: Value | undefined;
}

/** What becomes known of it while it is read. */
export interface Readings {
  readonly returns: Value[];
  /** The arguments that it has been read with, and what it then gave. */
  readonly results: Map<string, Value>;
  readings: number;
  busy: boolean;
}

/** Reads parameters and body of a function; without a call, nobody was seen to give it arguments. */
export type ReadBody<Definition> = (
  definition: Definition & Readings,
  call: Invocation | undefined,
  self: Value | undefined,
) => void;

/** Each function is read this often with other arguments, and calls are followed this deep. */
const MAXIMUM_READINGS = 24;
/** A function that is handed each item of a list is read again without a record, to learn what it makes of them. */
const MAXIMUM_QUIET_READINGS = 500;
const MAXIMUM_CALL_DEPTH = 16;

/**
 * The functions of a program, whatever its language: read when they are first called, so that they see what they are called
 * with, and at the latest at the end.
 */
export class Functions<Definition extends Declared> {
  private readonly recorder: Recorder;
  private readonly readBody: ReadBody<Definition>;
  private readonly definitions: (Definition & Readings)[] = [];
  private depth = 0;

  constructor(recorder: Recorder, readBody: ReadBody<Definition>) {
    this.recorder = recorder;
    this.readBody = readBody;
  }

  define(definition: Definition): Closure {
    this.definitions.push({ ...definition, readings: 0, busy: false, returns: [], results: new Map() });
    return { kind: 'closure', id: this.definitions.length - 1, self: definition.self, taint: 0 };
  }

  of(closure: Closure): (Definition & Readings) | undefined {
    return this.definitions[closure.id];
  }

  /** A function is read again for each new combination of arguments that are known, within bounds. */
  follows(closure: Closure, call: Invocation): boolean {
    const definition = this.of(closure);
    if (!definition || definition.busy || this.depth >= MAXIMUM_CALL_DEPTH) return false;
    if (definition.readings === 0) return true;
    const most = this.recorder.isQuiet ? MAXIMUM_QUIET_READINGS : MAXIMUM_READINGS;
    if (definition.readings >= most || this.recorder.budget.isHalfSpent) return false;
    const signature = signatureOf(call.args, call.keywords);
    return signature !== undefined && !definition.results.has(signature);
  }

  run(closure: Closure, call: Invocation): Value {
    const definition = this.of(closure);
    this.recorder.mention(closure.id);
    if (!definition) return UNKNOWN;
    const nothing = unknown(taintOf(call.args));
    const signature = signatureOf(call.args, call.keywords);
    if (this.follows(closure, call)) {
      const before = definition.returns.length;
      this.enter(closure.id, definition, call, closure.self);
      const given = definition.returns.slice(before);
      const result = given.length === 0 ? nothing : choice(given);
      if (signature !== undefined) definition.results.set(signature, result);
      return result;
    }
    this.recorder.budget.spend(definition.returns.length >> 1);
    const known = signature === undefined ? undefined : definition.results.get(signature);
    return known ?? (definition.returns.length === 0 ? nothing : choice(definition.returns));
  }

  /** Reads what nobody was seen to call. */
  readRest(): void {
    for (let index = 0; index < this.definitions.length; index += 1) {
      const definition = this.definitions[index];
      if (definition && definition.readings === 0)
        this.recorder.apart(() => this.enter(index, definition, undefined, undefined));
    }
  }

  private enter(
    id: number,
    definition: Definition & Readings,
    call: Invocation | undefined,
    self: Value | undefined,
  ): void {
    this.depth += 1;
    definition.readings += 1;
    definition.busy = true;
    this.recorder.inFunction(id, () => this.readBody(definition, call, self ?? definition.self));
    definition.busy = false;
    this.depth -= 1;
  }
}
