import type { Json, JsonObject } from '../json/strict-json.ts';
import type { ContentId, ContentKind, Found } from './content-kind.ts';
import { hasControls, withoutControls } from './control-characters.ts';
import { CONTENT_KINDS } from './index.ts';

export type Treatment = 'Refuse' | 'Redact' | 'Allow';

export interface Screening {
  readonly treatments: Readonly<Record<ContentId, Treatment>>;
  /** Texts that may stand nowhere, whatever the treatment of secrets is: the credential of the upstream, for example. */
  readonly neverShown?: readonly string[];
  /** Whether control characters are escaped. */
  readonly escapeControls: boolean;
}

export type Screened =
  | {
      readonly kind: 'Passed';
      readonly value: Json;
      /** Kinds of what was blanked, with how often. */
      readonly redacted: Readonly<Record<string, number>>;
    }
  /** `pointer`: where, as a JSON Pointer that holds nothing of what was found. */
  | { readonly kind: 'Refused'; readonly content: ContentId; readonly pointer: string };

class Refusal extends Error {
  readonly content: ContentId;
  readonly pointer: string;
  constructor(content: ContentId, pointer: string) {
    super(content);
    this.content = content;
    this.pointer = pointer;
  }
}

const WIDE = /[\uFF01-\uFF5E\u3000]/;
const WIDE_LETTERS = /[\uFF01-\uFF5E\u3000]/g;

/** Full-width letters and digits as plain ones, letter by letter, so that places stay the same. */
const narrowed = (text: string): string =>
  WIDE.test(text)
    ? text.replaceAll(WIDE_LETTERS, (one) =>
        one === '\u3000' ? ' ' : String.fromCharCode(one.charCodeAt(0) - 0xfee0),
      )
    : text;

/** The text with the places blanked, and how many there were once those that touch are taken together. */
function blanked(text: string, places: readonly Found[], mark: string): readonly [string, number] {
  let result = '';
  let at = 0;
  let count = 0;
  for (const { start, end } of places.toSorted((a, b) => a.start - b.start)) {
    if (start >= at) {
      result += text.slice(at, start) + mark;
      count += 1;
    }
    at = Math.max(at, end);
  }
  return [result + text.slice(at), count];
}

const KNOWN_MARK = '[redacted: secret]';
/** Shorter ones would be found in ordinary words. */
const SHORTEST_KNOWN = 8;
const MAX_POINTER = 256;

const isLong = (value: number): boolean => Math.abs(value) >= 1e9 && Number.isInteger(value);

/** Between texts that are looked at together: no pattern reaches over it, and a line begins after it. */
const BETWEEN = '\uFFFF\n';

/** Every text in which something can be found, once. */
function textsIn(value: Json, texts: Set<string>): void {
  if (typeof value === 'string') texts.add(value);
  else if (typeof value === 'number' && isLong(value)) texts.add(String(value));
  else if (Array.isArray(value)) for (const item of value as readonly Json[]) textsIn(item, texts);
  else if (value !== null && typeof value === 'object')
    for (const [key, inner] of Object.entries(value as JsonObject)) {
      texts.add(key);
      textsIn(inner, texts);
    }
}

/** Most values hold nothing: one quick look over all their texts together tells, and which kinds to look for. */
function kindsIn(joined: string, { treatments }: Screening): readonly ContentKind[] {
  const text = narrowed(joined);
  const lower = text.toLowerCase();
  return CONTENT_KINDS.filter(({ id, mayHold }) => treatments[id] !== 'Allow' && mayHold(text, lower));
}

function holdsNothing(joined: string, kinds: readonly ContentKind[], screening: Screening): boolean {
  if (kinds.length > 0 || (screening.escapeControls && hasControls(joined))) return false;
  return !(screening.neverShown ?? []).some((secret) => joined.includes(secret));
}

/** One walk over one value. */
class Walk {
  readonly redacted: Record<string, number> = {};
  private readonly screening: Screening;
  private readonly kinds: readonly ContentKind[];

  constructor(screening: Screening, kinds: readonly ContentKind[]) {
    this.screening = screening;
    this.kinds = kinds;
  }

  value(value: Json, pointer: string): Json {
    if (typeof value === 'string') return this.text(value, pointer);
    if (typeof value === 'number') return this.number(value, pointer);
    if (value === null || typeof value === 'boolean') return value;
    if (Array.isArray(value))
      return value.map((item: Json, index) => this.value(item, `${pointer}/${index}`));
    return this.object(value as JsonObject, pointer);
  }

  private object(value: JsonObject, pointer: string): JsonObject {
    const members: Record<string, Json> = {};
    for (const [key, inner] of Object.entries(value)) {
      const shown = this.text(key, pointer);
      if (Object.hasOwn(members, shown)) throw new Refusal('secrets', pointer);
      const step = shown.replaceAll('~', '~0').replaceAll('/', '~1');
      members[shown] = this.value(inner, `${pointer}/${step}`);
    }
    return members;
  }

  /** A card number may be written as a number. */
  private number(value: number, pointer: string): Json {
    if (!isLong(value)) return value;
    const text = String(value);
    const shown = this.text(text, pointer);
    return shown === text ? value : shown;
  }

  private text(text: string, pointer: string): string {
    let shown = this.known(text, pointer);
    for (const kind of this.kinds) shown = this.treated(kind, shown, pointer);
    return this.screening.escapeControls ? withoutControls(shown) : shown;
  }

  private treated(kind: ContentKind, text: string, pointer: string): string {
    const places = kind.find(narrowed(text));
    if (places.length === 0) return text;
    if (this.screening.treatments[kind.id] === 'Refuse') throw new Refusal(kind.id, pointer);
    const [shown, count] = kind.blank === 'Whole' ? [kind.mark, 1] : blanked(text, places, kind.mark);
    this.count(kind.id, count);
    return shown;
  }

  private known(text: string, pointer: string): string {
    let shown = text;
    for (const secret of this.screening.neverShown ?? []) {
      if (secret.length < SHORTEST_KNOWN || !shown.includes(secret)) continue;
      if (this.screening.treatments.secrets === 'Refuse') throw new Refusal('secrets', pointer);
      this.count('secrets', 1);
      shown = shown.replaceAll(secret, KNOWN_MARK);
    }
    return shown;
  }

  private count(id: ContentId, times: number): void {
    this.redacted[id] = (this.redacted[id] ?? 0) + times;
  }
}

/** Looks at every string and key (and every long number) of a value, and refuses or blanks what may not pass. */
export function screen(value: Json, screening: Screening): Screened {
  const texts = new Set<string>();
  textsIn(value, texts);
  const joined = [...texts].join(BETWEEN);
  const kinds = kindsIn(joined, screening);
  if (holdsNothing(joined, kinds, screening)) return { kind: 'Passed', value, redacted: {} };
  const walk = new Walk(screening, kinds);
  try {
    return { kind: 'Passed', value: walk.value(value, ''), redacted: walk.redacted };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return {
      kind: 'Refused',
      content: error.content,
      pointer: withoutControls(error.pointer).slice(0, MAX_POINTER),
    };
  }
}
