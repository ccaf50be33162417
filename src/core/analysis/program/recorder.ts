import type { Document, Span } from '../document.ts';
import type { Reading } from '../languages/language.ts';
import type { Budget } from './budget.ts';
import type {
  Allocation,
  Call,
  Context,
  Disguised,
  Family,
  Import,
  Loop,
  Member,
  Recorded,
  Reference,
  Trouble,
  Write,
} from './program.ts';
import type { Value } from './value.ts';

type Open<T> = { -readonly [K in keyof T]: T[K] };

/** Smaller values are of no interest to any rule. */
const NOTABLE_BYTES = 1_000_000;

/** Collects what a reader sees, in the form that rules read. */
export class Recorder {
  readonly budget: Budget;
  readonly references: Reference[] = [];
  readonly calls: Call[] = [];
  readonly loops: Loop[] = [];
  readonly members: Member[] = [];
  readonly writes: Write[] = [];
  readonly imports: Import[] = [];
  readonly allocations: Allocation[] = [];
  readonly disguised: Disguised[] = [];
  readonly troubles: Trouble[] = [];
  private quiet = false;
  private loop: Loop | undefined;
  private functions: readonly number[] = [];
  private current: Context = { loop: undefined, functions: [] };
  /** Which function mentions which. */
  private mentions: Map<number, Set<number>> | undefined;

  constructor(budget: Budget) {
    this.budget = budget;
  }

  /** Whether what is read now is not recorded. */
  get isQuiet(): boolean {
    return this.quiet;
  }

  get context(): Context {
    return this.current;
  }

  reference(name: string, span: Span, via: Reference['via']): void {
    if (this.quiet) return;
    this.budget.keep();
    this.references.push({ name, span, via });
  }

  call(call: Omit<Call, 'context'>): void {
    if (this.quiet) return;
    this.budget.keep();
    this.calls.push({ ...call, context: this.current });
  }

  member(name: string, owner: Value, span: Span): void {
    if (this.quiet) return;
    this.budget.keep();
    this.members.push({ name, owner, span });
  }

  write(target: string, value: Value, span: Span): void {
    if (this.quiet) return;
    this.budget.keep();
    this.writes.push({ target, value, span });
  }

  allocation(bytes: number, span: Span): void {
    if (bytes >= NOTABLE_BYTES && !this.quiet) this.allocations.push({ bytes, span });
  }

  /** Reads the body of a loop; `settle` tells afterwards whether it is endless. */
  inLoop(
    loop: Omit<Loop, 'outer'>,
    body: () => void,
    settle?: () => Partial<Pick<Loop, 'endless' | 'unconditional'>>,
  ): Loop {
    const entered: Open<Loop> = { ...loop, outer: this.loop };
    this.loops.push(entered);
    this.loop = entered;
    this.update();
    body();
    this.loop = entered.outer;
    this.update();
    Object.assign(entered, settle?.());
    return entered;
  }

  inFunction(id: number, body: () => void): void {
    const outer = this.functions;
    this.functions = [...outer, id];
    this.update();
    body();
    this.functions = outer;
    this.update();
  }

  /** Reads what runs at another time than the place where it stands. */
  apart(body: () => void): void {
    const [loop, functions] = [this.loop, this.functions];
    [this.loop, this.functions] = [undefined, []];
    this.update();
    body();
    [this.loop, this.functions] = [loop, functions];
    this.update();
  }

  /** Takes note that the function being read uses another one, or itself. */
  mention(id: number): void {
    const from = this.functions.at(-1);
    if (from === undefined) return;
    this.mentions ??= new Map();
    const known = this.mentions.get(from);
    if (known) known.add(id);
    else this.mentions.set(from, new Set([id]));
  }

  /** Evaluates again what has been read before: nothing is recorded twice. */
  quietly<T>(evaluate: () => T): T {
    const outer = this.quiet;
    this.quiet = true;
    const result = evaluate();
    this.quiet = outer;
    return result;
  }

  private update(): void {
    this.current = { loop: this.loop, functions: this.functions };
  }

  /** Functions from which the mentions lead back to themselves. */
  private recursive(): ReadonlySet<number> {
    const found = new Set<number>();
    for (const start of this.mentions?.keys() ?? []) {
      if (this.leadsTo(start, start)) found.add(start);
    }
    return found;
  }

  private leadsTo(start: number, goal: number): boolean {
    const seen = new Set<number>();
    const queue = [start];
    for (let from = queue.pop(); from !== undefined; from = queue.pop()) {
      for (const to of this.mentions?.get(from) ?? []) {
        this.budget.spend();
        if (to === goal) return true;
        if (!seen.has(to)) queue.push(to);
        seen.add(to);
      }
    }
    return false;
  }

  program(family: Family, document: Document, reading: Reading): Recorded {
    return {
      family,
      document,
      depth: reading.depth,
      host: reading.host,
      taint: reading.taint,
      references: this.references,
      calls: this.calls,
      loops: this.loops,
      members: this.members,
      writes: this.writes,
      imports: this.imports,
      allocations: this.allocations,
      commands: [],
      recursive: this.recursive(),
      disguised: this.disguised,
      troubles: this.troubles,
    };
  }
}
