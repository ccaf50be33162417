import { screen } from '../content/screen.ts';
import type { Screening } from '../content/screen.ts';

/**
 * Bytes of a program's output → text that is safe to print anywhere: broken UTF-8 becomes U+FFFD; control characters other than
 * line feed and tab, and characters that reorder, hide or are text nobody sees, become \u escapes, so that no terminal or log reader obeys them.
 */
// eslint-disable-next-line no-control-regex
const UNSAFE =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb]|\u034f|[\u{e0000}-\u{e0fff}]/gu;

const escaped = (character: string): string => {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`;
};

export const safeText = (text: string): string => text.replace(UNSAFE, escaped);

/** Whoever may read a request may read its output, and etcd keeps it: keys and tokens of known shapes are no result. */
const SECRETS: Screening = {
  treatments: { secrets: 'Redact', personalData: 'Allow', injection: 'Allow' },
  escapeControls: false,
};

function withoutSecrets(text: string): string {
  const screened = screen(text, SECRETS);
  return screened.kind === 'Passed' && typeof screened.value === 'string' ? screened.value : '';
}

/** Base64 → safe text of at most `limit` characters, without secrets of known shapes, and whether something was cut. */
export function safeOutput(base64: string, limit: number): { readonly text: string; readonly cut: boolean } {
  const text = safeText(withoutSecrets(Buffer.from(base64, 'base64').toString('utf8')));
  // Half of a pair of surrogates is no text.
  return text.length > limit
    ? { text: text.slice(0, limit).toWellFormed(), cut: true }
    : { text, cut: false };
}
