import type { Value } from '../program/value.ts';
import { number, text } from '../program/value.ts';

const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const DIGITS = '0123456789';
const PUNCTUATION = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';
const SPACE = ' \t\n\r\v\f';

/** Constants of the standard library from which texts, paths and modes are put together. */
const CONSTANTS: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['os.sep', text('/')],
  ['os.path.sep', text('/')],
  ['os.curdir', text('.')],
  ['os.pardir', text('..')],
  ['os.path.pardir', text('..')],
  ['os.extsep', text('.')],
  ['os.pathsep', text(':')],
  ['os.linesep', text('\n')],
  ['os.devnull', text('/dev/null')],
  ['string.ascii_lowercase', text(LOWER)],
  ['string.ascii_uppercase', text(LOWER.toUpperCase())],
  ['string.ascii_letters', text(LOWER + LOWER.toUpperCase())],
  ['string.digits', text(DIGITS)],
  ['string.hexdigits', text(`${DIGITS}abcdefABCDEF`)],
  ['string.octdigits', text('01234567')],
  ['string.punctuation', text(PUNCTUATION)],
  ['string.whitespace', text(SPACE)],
  ['string.printable', text(DIGITS + LOWER + LOWER.toUpperCase() + PUNCTUATION + SPACE)],
  ['stat.S_ISUID', number(0o4000)],
  ['stat.S_ISGID', number(0o2000)],
  ['stat.S_IRWXU', number(0o700)],
  ['stat.S_IRWXG', number(0o070)],
  ['stat.S_IRWXO', number(0o007)],
  ['signal.SIGKILL', number(9)],
]);

export const constantNamed = (name: string): Value | undefined => CONSTANTS.get(name);
