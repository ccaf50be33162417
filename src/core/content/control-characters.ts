/** All but tab and line feed; a carriage return only before a line feed. With DEL, C1 and the separators that end lines for some. */
const CONTROL = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u2028\u2029]|\r(?!\n)/g;
const ANY_CONTROL = new RegExp(CONTROL.source);

export const hasControls = (text: string): boolean => ANY_CONTROL.test(text);

/** Control characters as \u escapes: a terminal that shows the text does what the reader expects, and nothing else. */
export const withoutControls = (text: string): string =>
  ANY_CONTROL.test(text)
    ? text.replaceAll(CONTROL, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`)
    : text;
