/** Which addresses an upstream may have. Pure: bytes in, an answer out. */

export type AddressVerdict = 'Allowed' | 'Forbidden';

interface Range {
  readonly bytes: Uint8Array;
  readonly bits: number;
}

/** Four bytes of dotted decimal, without leading zeros; undefined for every other way to write a number. */
function ipv4Bytes(text: string): Uint8Array | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  const bytes = parts.map((part) => (/^(?:0|[1-9][0-9]{0,2})$/.test(part) ? Number(part) : 256));
  return bytes.every((byte) => byte < 256) ? Uint8Array.from(bytes) : undefined;
}

/** A last group in dotted decimal, written as two groups. */
function withoutDots(text: string): string | undefined {
  const at = text.lastIndexOf(':') + 1;
  if (!text.includes('.')) return text;
  const [a = 0, b = 0, c = 0, d = 0] = ipv4Bytes(text.slice(at)) ?? [];
  if (!ipv4Bytes(text.slice(at))) return undefined;
  return `${text.slice(0, at)}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
}

const groupsOf = (text: string): readonly string[] => (text === '' ? [] : text.split(':'));

function ipv6Bytes(text: string): Uint8Array | undefined {
  const plain = withoutDots(text);
  if (plain === undefined || plain.includes('%')) return undefined;
  const halves = plain.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = [groupsOf(halves[0] ?? ''), groupsOf(halves[1] ?? '')];
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...Array.from({ length: missing }, () => '0'), ...tail];
  if (!groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  return Uint8Array.from(
    groups.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]),
  );
}

/** The bytes of an address as it is written; undefined for anything that is not one. A zone (%eth0) is none. */
export const addressBytes = (text: string): Uint8Array | undefined =>
  text.includes(':') ? ipv6Bytes(text) : ipv4Bytes(text);

/** A range in CIDR notation; undefined where it is not written as one. */
export function rangeOf(text: string): Range | undefined {
  const [address = '', bits = '', ...more] = text.split('/');
  const bytes = addressBytes(address);
  if (!bytes || more.length > 0 || !/^(?:0|[1-9][0-9]{0,2})$/.test(bits)) return undefined;
  return Number(bits) <= bytes.length * 8 ? { bytes, bits: Number(bits) } : undefined;
}

function isWithin(address: Uint8Array, { bytes, bits }: Range): boolean {
  if (address.length !== bytes.length) return false;
  const whole = bits >> 3;
  for (let index = 0; index < whole; index += 1) if (address[index] !== bytes[index]) return false;
  const mask = (0xff00 >> (bits & 7)) & 255;
  return ((address[whole] ?? 0) & mask) === ((bytes[whole] ?? 0) & mask);
}

const ranges = (...texts: readonly string[]): readonly Range[] =>
  texts.map((text) => {
    const range = rangeOf(text);
    if (!range) throw new Error(`no range: ${text}`);
    return range;
  });

/** Never reached, whatever a Plugin says: this machine, its neighbours, everybody at once, and the clouds' metadata. */
const NEVER = ranges(
  '0.0.0.0/8',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '224.0.0.0/4',
  '255.255.255.255/32',
  '100.100.100.200/32',
  '168.63.129.16/32',
  '192.0.0.192/32',
  '::/128',
  '::1/128',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
  'fd00:ec2::254/128',
  'fd20:ce::254/128',
);

/** Not of the public internet: reached only where the Plugin lists them. */
const INSIDE = ranges(
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '240.0.0.0/4',
  'fc00::/7',
);

/** All that is handed out on the public internet; the rest of IPv6 counts as inside. */
const GLOBAL_IPV6 = ranges('2000::/3');
const SPECIAL_IPV6 = ranges('2001::/23', '2001:db8::/32', '3fff::/20', '2620:4f:8000::/48');

interface Carrier {
  readonly range: Range;
  /** Where the IPv4 address stands in it. */
  readonly embedded: (bytes: Uint8Array) => Uint8Array;
}

const [MAPPED, COMPATIBLE, TRANSLATED, NAT64, LOCAL_NAT64, SIX_TO_FOUR, TEREDO] = ranges(
  '::ffff:0:0/96',
  '::/96',
  '::ffff:0:0:0/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '2002::/16',
  '2001::/32',
);

const last = (bytes: Uint8Array): Uint8Array => bytes.slice(12);

/** IPv6 addresses that lead to an IPv4 one: judged as that one. */
const CARRIERS: readonly Carrier[] = [
  { range: MAPPED, embedded: last },
  { range: COMPATIBLE, embedded: last },
  { range: TRANSLATED, embedded: last },
  { range: NAT64, embedded: last },
  { range: LOCAL_NAT64, embedded: last },
  { range: SIX_TO_FOUR, embedded: (bytes: Uint8Array) => bytes.slice(2, 6) },
  { range: TEREDO, embedded: (bytes: Uint8Array) => last(bytes).map((byte) => byte ^ 255) },
].flatMap(({ range, embedded }) => (range ? [{ range, embedded }] : []));

const isAmong = (address: Uint8Array, list: readonly Range[]): boolean =>
  list.some((range) => isWithin(address, range));

function isInside(address: Uint8Array): boolean {
  if (address.length === 4) return isAmong(address, INSIDE);
  return !isAmong(address, GLOBAL_IPV6) || isAmong(address, SPECIAL_IPV6);
}

function judge(address: Uint8Array, allowed: readonly Range[]): AddressVerdict {
  if (isAmong(address, NEVER)) return 'Forbidden';
  const carrier = address.length === 16 && CARRIERS.find(({ range }) => isWithin(address, range));
  if (carrier) return judge(carrier.embedded(address), allowed);
  return isInside(address) && !isAmong(address, allowed) ? 'Forbidden' : 'Allowed';
}

/** Whether an upstream whose Plugin lists these ranges may be at this address. What is no address is forbidden. */
export function judgeAddress(text: string, allowedCIDRs: readonly string[] = []): AddressVerdict {
  const address = addressBytes(text);
  if (!address) return 'Forbidden';
  const allowed = allowedCIDRs.flatMap((cidr) => rangeOf(cidr) ?? []);
  return judge(address, allowed);
}
