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
  /** The arguments that it has been read with. */
  readonly signatures: Set<string>;
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
    this.definitions.push({ ...definition, readings: 0, busy: false, returns: [], signatures: new Set() });
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
    if (definition.readings >= MAXIMUM_READINGS || this.recorder.budget.isHalfSpent) return false;
    const signature = signatureOf(call.args, call.keywords);
    return signature !== undefined && !definition.signatures.has(signature);
  }

  run(closure: Closure, call: Invocation): Value {
    const definition = this.of(closure);
    this.recorder.mention(closure.id);
    if (!definition) return UNKNOWN;
    if (this.follows(closure, call)) this.enter(closure.id, definition, call, closure.self);
    this.recorder.budget.spend(definition.returns.length >> 1);
    return definition.returns.length === 0 ? unknown(taintOf(call.args)) : choice(definition.returns);
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
    definition.signatures.add((call && signatureOf(call.args, call.keywords)) ?? '');
    definition.busy = true;
    this.recorder.inFunction(id, () => this.readBody(definition, call, self ?? definition.self));
    definition.busy = false;
    this.depth -= 1;
  }
}
