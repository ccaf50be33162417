/** Where a value comes from, as bits: what is computed from a value keeps them. */
export const TAINT = { Network: 1, Decoded: 2, Environment: 4, Secret: 8 } as const;

/** Stands in a text for a part that is not known, so that what is known of `f"http://{host}/x"` is not lost. */
export const HOLE = '\ufffc';

interface Valued {
  /** Bits of TAINT. */
  readonly taint: number;
}

export interface Unknown extends Valued {
  readonly kind: 'unknown';
}
/** A text, or bytes as the text of the same code points. May hold HOLEs. */
export interface Text extends Valued {
  readonly kind: 'text';
  readonly text: string;
  readonly bytes: boolean;
}
export interface Num extends Valued {
  readonly kind: 'number';
  readonly value: number;
}
export interface Truth extends Valued {
  readonly kind: 'truth';
  /** undefined is None, null or undefined. */
  readonly value: boolean | undefined;
}
/** A list, tuple, set or array. `open`: there may be more items than are known. */
export interface Sequence extends Valued {
  readonly kind: 'sequence';
  readonly items: readonly Value[];
  readonly open: boolean;
}
/** A dict, an object, a class, an instance or a module of the program itself. */
export interface Members extends Valued {
  readonly kind: 'record';
  readonly role: 'dict' | 'object' | 'class' | 'instance';
  readonly members: Map<string, Value>;
  readonly inherits: readonly Value[];
  /** In which order the generated constructor of a class takes its fields. */
  readonly fields?: readonly string[];
}
/** Something that the program did not make itself, by its qualified name: `os.system`, `open().read`, `process.env`. */
export interface Ref extends Valued {
  readonly kind: 'ref';
  readonly name: string;
  /** The text that the object stands for, such as the path of a pathlib.Path. */
  readonly text?: string | undefined;
  /** What the last segment of the name was taken from. */
  readonly receiver?: Value | undefined;
  /** What the object was made from, when a call made it. */
  readonly made?: readonly Value[] | undefined;
}
/** A function that the program defines. */
export interface Closure extends Valued {
  readonly kind: 'closure';
  readonly id: number;
  readonly self?: Value | undefined;
}
/** A method of a value that is known: `"a".join`. */
export interface Method extends Valued {
  readonly kind: 'method';
  readonly name: string;
  readonly receiver: Value;
}
/** A callable with arguments that were given before: functools.partial, Function.prototype.bind. */
export interface Bound extends Valued {
  readonly kind: 'bound';
  readonly callee: Value;
  readonly before: readonly Value[];
}
/** One of several. */
export interface Choice extends Valued {
  readonly kind: 'choice';
  readonly options: readonly Value[];
}

export type Value =
  Unknown | Text | Num | Truth | Sequence | Members | Ref | Closure | Method | Bound | Choice;

export const UNKNOWN: Unknown = { kind: 'unknown', taint: 0 };
export const NOTHING: Truth = { kind: 'truth', value: undefined, taint: 0 };

export const unknown = (taint = 0): Unknown => (taint === 0 ? UNKNOWN : { kind: 'unknown', taint });
export const text = (content: string, taint = 0, bytes = false): Text => ({
  kind: 'text',
  text: content,
  bytes,
  taint,
});
export const number = (value: number, taint = 0): Num => ({ kind: 'number', value, taint });
export const truth = (value: boolean | undefined): Truth => ({ kind: 'truth', value, taint: 0 });
export const ref = (name: string, extra: Partial<Ref> = {}): Ref => ({
  kind: 'ref',
  name,
  taint: 0,
  ...extra,
});

const MAXIMUM_ITEMS = 512;
const MAXIMUM_OPTIONS = 200;
const MAXIMUM_NUMBERS = 12;

export function sequence(items: readonly Value[], open = false): Sequence {
  const taint = items.reduce((bits, item) => bits | item.taint, 0);
  if (items.length <= MAXIMUM_ITEMS) return { kind: 'sequence', items, open, taint };
  return { kind: 'sequence', items: items.slice(0, MAXIMUM_ITEMS), open: true, taint };
}

/** What tells one option from another; undefined for what is never the same. */
function keyOf(value: Value): string | undefined {
  switch (value.kind) {
    case 'text':
      return `t${value.text}`;
    case 'number':
    case 'truth':
      return `${value.kind}${value.value}`;
    case 'ref':
      return `r${value.name}\0${value.text ?? ''}`;
    case 'unknown':
      return `u${value.taint}`;
    case 'closure':
      return `c${value.id}`;
    default:
      return undefined;
  }
}

/** One of these, each named once; unknown when there are too many. Which number it is matters less than which text. */
export function choice(values: readonly Value[]): Value {
  const [first] = values;
  if (values.length === 1 && first) return first;
  const options = new Map<unknown, Value>();
  let numbers = 0;
  for (const value of values) {
    for (const option of optionsOf(value)) {
      const key = keyOf(option) ?? option;
      if (!options.has(key) && option.kind === 'number') numbers += 1;
      options.set(key, option);
      if (options.size > MAXIMUM_OPTIONS || numbers > MAXIMUM_NUMBERS) return unknown(taintOf(values));
    }
  }
  const [only] = options.values();
  if (!only) return UNKNOWN;
  const kept = [...options.values()];
  return kept.length === 1 ? only : { kind: 'choice', options: kept, taint: taintOf(kept) };
}

export const taintOf = (values: readonly Value[]): number =>
  values.reduce((bits, value) => bits | value.taint, 0);

/** What the value may be. */
export const optionsOf = (value: Value): readonly Value[] =>
  value.kind === 'choice' ? value.options : [value];

/** Every text that the value may be, holes included; for an object that stands for a text (a path), that text. */
export function textsOf(value: Value): readonly string[] {
  const texts: string[] = [];
  for (const option of optionsOf(value)) {
    if (option.kind === 'text') texts.push(option.text);
    else if (option.kind === 'ref' && option.text !== undefined) texts.push(option.text);
  }
  return texts;
}

/** The text, when it is known and whole. */
export function wholeTextOf(value: Value | undefined): string | undefined {
  const content = value?.kind === 'text' ? value.text : value?.kind === 'ref' ? value.text : undefined;
  return content === undefined || content.includes(HOLE) ? undefined : content;
}

/** The same value, with further bits of taint. */
export function tainted(value: Value, taint: number): Value {
  return (value.taint | taint) === value.taint ? value : { ...value, taint: value.taint | taint };
}

/** Whether the value is true where a condition is asked for; undefined when that is not known. */
export function truthOf(value: Value): boolean | undefined {
  switch (value.kind) {
    case 'truth':
      return value.value === true;
    case 'number':
      return value.value !== 0 && !Number.isNaN(value.value);
    case 'text':
      return value.text.includes(HOLE) && value.text.replaceAll(HOLE, '') === ''
        ? undefined
        : value.text !== '';
    case 'sequence':
      return value.items.length > 0 ? true : value.open ? undefined : false;
    case 'closure':
      return true;
    default:
      return undefined;
  }
}
