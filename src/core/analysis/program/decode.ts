/** Decoders that attackers hide texts behind, bounded. Bytes are texts of code points below 256. All answer undefined for what they cannot read. */

const MAXIMUM_DECODED = 64 * 1024;

const latin1 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');

export function fromBase64(text: string): string | undefined {
  if (text.length > MAXIMUM_DECODED || !/^[A-Za-z0-9+/_=\s-]*$/.test(text)) return undefined;
  return latin1(Buffer.from(text, 'base64'));
}

export function fromHex(text: string): string | undefined {
  const digits = text.replace(/[\s:-]|\\x/g, '');
  if (digits.length > MAXIMUM_DECODED || digits.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(digits))
    return undefined;
  return latin1(Buffer.from(digits, 'hex'));
}

export function fromBase32(text: string): string | undefined {
  if (text.length > MAXIMUM_DECODED || !/^[A-Za-z2-7=]*$/.test(text)) return undefined;
  let bits = 0;
  let count = 0;
  let decoded = '';
  for (const character of text.replace(/=+$/, '').toUpperCase()) {
    bits = ((bits << 5) | 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(character)) & 0xffff;
    count += 5;
    if (count < 8) continue;
    count -= 8;
    decoded += String.fromCharCode((bits >> count) & 0xff);
  }
  return decoded;
}

const BASE85 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~';
const ASCII85 = Array.from({ length: 85 }, (_whole, index) => String.fromCharCode(33 + index)).join('');

/** Five digits to the base of 85 are four bytes; the last group may be shorter. */
function fromDigits85(digits: readonly number[]): string | undefined {
  let decoded = '';
  for (let at = 0; at < digits.length; at += 5) {
    const group = digits.slice(at, at + 5);
    const value = Array.from({ length: 5 }, (_whole, index) => group[index] ?? 84).reduce(
      (sum, digit) => sum * 85 + digit,
      0,
    );
    if (value >= 2 ** 32) return undefined;
    const bytes = [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256);
    decoded += String.fromCharCode(...bytes.slice(0, group.length - 1));
  }
  return decoded;
}

const from85 =
  (alphabet: string) =>
  (text: string): string | undefined => {
    if (text.length > MAXIMUM_DECODED) return undefined;
    const digits = [...text].map((unit) => alphabet.indexOf(unit));
    return digits.includes(-1) ? undefined : fromDigits85(digits);
  };

/** As in git and Python's b85. */
export const fromBase85 = from85(BASE85);

/** As in PostScript and Python's a85: "z" is four zeros, space counts for nothing. */
export const fromAscii85 = (text: string): string | undefined =>
  text.length > MAXIMUM_DECODED
    ? undefined
    : from85(ASCII85)(text.replace(/^<~|~>$|\s/g, '').replaceAll('z', '!!!!!'));

export const rot13 = (text: string): string =>
  text.replace(/[A-Za-z]/g, (letter) => {
    const base = letter <= 'Z' ? 65 : 97;
    return String.fromCharCode(((letter.charCodeAt(0) - base + 13) % 26) + base);
  });

/** The text that these bytes are in UTF-8; the bytes themselves where they are not. */
export function fromUtf8(bytes: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(bytes, 'latin1'));
  } catch {
    return bytes;
  }
}

export const toUtf8 = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

const percentDecoded = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
};

/** By the name that a codec has in Python or Node. */
export function decodeBy(codec: string, text: string): string | undefined {
  switch (codec.toLowerCase().replaceAll('_', '').replaceAll('-', '')) {
    case 'rot13':
    case 'rot':
      return rot13(text);
    case 'hex':
    case 'hexcodec':
      return fromHex(text);
    case 'base64':
    case 'base64url':
    case 'base64codec':
      return fromBase64(text);
    case 'base32':
      return fromBase32(text);
    case 'percent':
      return percentDecoded(text);
    case 'utf8':
      return fromUtf8(text);
    default:
      return undefined;
  }
}

/** Codecs that turn readable text into something else: a payload behind one of them is hidden. */
export const isDisguise = (codec: string): boolean => /rot|hex|base|zlib|bz2|zip|percent/i.test(codec);
