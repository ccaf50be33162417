/** Addresses of cloud metadata services, however they are written. */
const METADATA = new Set([
  '169.254.169.254',
  '100.100.100.200',
  '169.254.170.2',
  '192.0.0.192',
  'fd00:ec2::254',
  'metadata.google.internal',
  'metadata',
  'instance-data',
]);

const MAXIMUM_URL = 8192;

/** The host in a URL, or the whole text where it is a bare host. */
export function hostOf(text: string): string | undefined {
  const url = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@\s]*@)?(\[[^\]]+\]|[^/:?#\s]+)/i.exec(
    text.slice(0, MAXIMUM_URL).trim(),
  );
  if (url?.[1] !== undefined) return url[1].replace(/^\[|\]$/g, '').toLowerCase();
  if (text.length > MAXIMUM_URL) return undefined;
  return /^[\w.:-]+$/.test(text) || /^[\w.-]+\/\S*$/.test(text)
    ? text.split('/')[0]?.toLowerCase()
    : undefined;
}

const part = (text: string): number =>
  /^0x[0-9a-f]+$/i.test(text)
    ? Number.parseInt(text, 16)
    : /^0[0-7]+$/.test(text)
      ? Number.parseInt(text, 8)
      : /^\d+$/.test(text)
        ? Number(text)
        : NaN;

/** An IPv4 address in any of the forms that inet_aton reads, as dotted decimals. */
function dotted(host: string): string | undefined {
  const parts = host.split('.').map(part);
  const last = parts.at(-1);
  if (parts.length > 4 || last === undefined || parts.some(Number.isNaN)) return undefined;
  const value = parts.slice(0, -1).reduce((sum, one, index) => sum + one * 256 ** (3 - index), 0) + last;
  return value >= 2 ** 32
    ? undefined
    : [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}

function mapped(host: string): string | undefined {
  const match = /^::(?:ffff:)?(?:([0-9a-f]{1,4}):([0-9a-f]{1,4})|(\d+\.\d+\.\d+\.\d+))$/.exec(host);
  if (!match) return undefined;
  if (match[3] !== undefined) return match[3];
  return dotted(String(Number.parseInt(match[1] ?? '0', 16) * 65536 + Number.parseInt(match[2] ?? '0', 16)));
}

export function isMetadataHost(host: string): boolean {
  if (METADATA.has(host) && host !== 'metadata') return true;
  const plain =
    mapped(host) ??
    (/^[\dx.a-f]+$/i.test(host) && /\d/.test(host) && host.length >= 7 ? dotted(host) : undefined);
  return plain !== undefined && METADATA.has(plain);
}

export const isClusterHost = (host: string): boolean =>
  /^kubernetes(?:\.default(?:\.svc(?:\.cluster\.local)?)?)$/.test(host) ||
  host.endsWith('.svc.cluster.local');

/** Whether a text has anything in it that the hosts below have; most texts have not. */
export const mayNameHost = (text: string): boolean =>
  /\d|metadata|instance-data|kubernetes|\.svc\.cluster\.local/iu.test(text);
