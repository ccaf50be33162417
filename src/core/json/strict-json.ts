/** A value of JSON. Keys that would change what an object is are refused, so plain objects are safe; look members up with Object.hasOwn. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export type JsonObject = { readonly [key: string]: Json };

export type StrictJson =
  | { readonly ok: true; readonly value: Json }
  /** What is wrong, and where: an offset in characters, never the text itself. */
  | { readonly ok: false; readonly problem: string; readonly offset: number };

/** Keys that mean something to JavaScript when they are copied carelessly; no honest interface has them. */
const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const PLAIN_TEXT = /[^"\\\u0000-\u001f]*/y;
const HEX4 = /[0-9a-fA-F]{4}/y;
const SPACE = /[ \t\n\r]*/y;

class Fault extends Error {
  readonly offset: number;
  constructor(problem: string, offset: number) {
    super(problem);
    this.offset = offset;
  }
}

/** Reads one text, once, from left to right. */
class Reader {
  private at = 0;
  private readonly text: string;
  private readonly maxDepth: number;

  constructor(text: string, maxDepth: number) {
    this.text = text;
    this.maxDepth = maxDepth;
  }

  whole(): Json {
    const value = this.value(1);
    if (this.at < this.text.length) this.fail('something follows the value');
    return value;
  }

  private fail(problem: string): never {
    throw new Fault(problem, this.at);
  }

  private match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? '';
    this.at += found.length;
    return found;
  }

  private next(wanted: string): boolean {
    if (this.text[this.at] !== wanted) return false;
    this.at += 1;
    return true;
  }

  private value(depth: number): Json {
    this.match(SPACE);
    const value = this.bare(depth);
    this.match(SPACE);
    return value;
  }

  private bare(depth: number): Json {
    switch (this.text[this.at]) {
      case '{':
        return this.object(depth);
      case '[':
        return this.array(depth);
      case '"':
        return this.string();
      case 't':
        return this.word('true', true);
      case 'f':
        return this.word('false', false);
      case 'n':
        return this.word('null', null);
      default:
        return this.number();
    }
  }

  private word<T>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.at)) this.fail('no value of JSON');
    this.at += word.length;
    return value;
  }

  private number(): number {
    const found = this.match(NUMBER);
    if (found === '') this.fail('no value of JSON');
    const value = Number(found);
    if (Math.abs(value) > Number.MAX_SAFE_INTEGER) this.fail('a number is too large to be kept exactly');
    return value;
  }

  private enter(depth: number): void {
    if (depth > this.maxDepth) this.fail(`nested more than ${this.maxDepth} levels deep`);
    this.at += 1;
  }

  private array(depth: number): readonly Json[] {
    this.enter(depth);
    const items: Json[] = [];
    this.match(SPACE);
    if (this.next(']')) return items;
    do items.push(this.value(depth + 1));
    while (this.next(','));
    if (!this.next(']')) this.fail('a list is not closed');
    return items;
  }

  private object(depth: number): JsonObject {
    this.enter(depth);
    const members: Record<string, Json> = {};
    this.match(SPACE);
    if (this.next('}')) return members;
    do {
      const key = this.key(members);
      if (!this.next(':')) this.fail('no colon after a key');
      members[key] = this.value(depth + 1);
    } while (this.next(','));
    if (!this.next('}')) this.fail('an object is not closed');
    return members;
  }

  private key(members: JsonObject): string {
    this.match(SPACE);
    if (this.text[this.at] !== '"') this.fail('a key is not a string');
    const key = this.string();
    if (FORBIDDEN_KEYS.has(key)) this.fail(`the key ${key} is not allowed`);
    if (Object.hasOwn(members, key)) this.fail('a key stands twice in one object');
    this.match(SPACE);
    return key;
  }

  private string(): string {
    this.at += 1;
    let text = this.match(PLAIN_TEXT);
    let escaped = false;
    while (!this.next('"')) {
      if (!this.next('\\'))
        this.fail(this.at < this.text.length ? 'a bare control character' : 'a string is not closed');
      text += this.escape();
      escaped = true;
      text += this.match(PLAIN_TEXT);
    }
    if (escaped && !text.isWellFormed()) this.fail('half of a surrogate pair');
    return text;
  }

  private escape(): string {
    const letter = this.text[this.at] ?? '';
    this.at += 1;
    if (letter === 'u') {
      const digits = this.match(HEX4);
      if (digits === '') this.fail('an escape that JSON does not have');
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    return ESCAPES[letter] ?? this.fail('an escape that JSON does not have');
  }
}

/** UTF-8 or nothing; a byte order mark stays, and is then no JSON. */
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads JSON so that nobody can read it differently: valid UTF-8 without a byte order mark, no key twice, no key that JavaScript
 * treats in its own way, no number that would be rounded, nothing before or after the value. The caller bounds the bytes.
 */
export function readStrictJson(bytes: Uint8Array, maxDepth: number): StrictJson {
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    return { ok: false, problem: 'not valid UTF-8', offset: 0 };
  }
  return readStrictText(text, maxDepth);
}

/** The same for text that is already decoded. */
export function readStrictText(text: string, maxDepth: number): StrictJson {
  if (!text.isWellFormed()) return { ok: false, problem: 'half of a surrogate pair', offset: 0 };
  try {
    return { ok: true, value: new Reader(text, maxDepth).whole() };
  } catch (error) {
    if (error instanceof Fault) return { ok: false, problem: error.message, offset: error.offset };
    throw error;
  }
}
