import { randomBytes } from 'node:crypto';

/** A certificate and its private key, PEM. */
export interface KeyedCertificate {
  readonly cert: string;
  readonly key: string;
}

const DAY = 86_400_000;
export const AUTHORITY_DAYS = 3650;
export const SERVING_DAYS = 90;

/** Certificates are valid from a little before they were made: the clock of an API server may be behind. */
export const BACKDATE_MILLISECONDS = 300_000;

/** Loaded only when something is issued, every 60 days: its ASN.1 libraries stay in memory for good. */
const library = () => import('selfsigned');

/** What both kinds share. SHA-1, the library's default, is refused by the API server. */
const shared = (now: number, days: number) =>
  ({
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: new Date(now - BACKDATE_MILLISECONDS),
    notAfterDate: new Date(now + days * DAY),
  }) as const;

/** A new authority. Each has a name of its own: with two of one name in a bundle, verifiers may try the wrong one only. */
export async function issueAuthority(now: number, days: number = AUTHORITY_DAYS): Promise<KeyedCertificate> {
  const name = `sekisho-webhook-ca-${randomBytes(8).toString('hex')}`;
  const { generate } = await library();
  const made = await generate([{ name: 'commonName', value: name }], {
    ...shared(now, days),
    extensions: [
      { name: 'basicConstraints', cA: true, pathLenConstraint: 0, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  return { cert: made.cert, key: made.private };
}

/** A certificate by which a server shows that it is any of these names. It never outlives its authority: `days` must see to it. */
export async function issueServing(
  authority: KeyedCertificate,
  names: readonly string[],
  now: number,
  days: number = SERVING_DAYS,
): Promise<KeyedCertificate> {
  const { generate } = await library();
  const made = await generate([{ name: 'commonName', value: 'sekisho-webhook' }], {
    ...shared(now, days),
    ca: authority,
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: names.map((value) => ({ type: 2, value })) },
    ],
  });
  return { cert: made.cert, key: made.private };
}

/** The names under which the API server calls a Service. */
export const serviceNames = (service: string, namespace: string): readonly string[] => [
  `${service}.${namespace}.svc`,
  `${service}.${namespace}.svc.cluster.local`,
];
