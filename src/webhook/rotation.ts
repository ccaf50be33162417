import { createPrivateKey, X509Certificate } from 'node:crypto';
import { BACKDATE_MILLISECONDS, issueAuthority, issueServing } from './issue-certificate.ts';
import type { KeyedCertificate } from './issue-certificate.ts';

/** Everything that the Secret holds. Two replicas share it. */
export interface Certificates {
  /** Signs the serving certificate. */
  readonly authority: KeyedCertificate;
  readonly serving: KeyedCertificate;
  /** Will sign, once every API server trusts it. */
  readonly next?: KeyedCertificate | undefined;
  /** Signed until lately; a replica may still serve with it. */
  readonly previous?: string | undefined;
}

/** What a step depends on beside the certificates. */
export interface RotationContext {
  /** Epoch milliseconds. */
  readonly now: number;
  readonly names: readonly string[];
  /** PEM texts that the webhook configuration was seen to trust, in every one of its webhooks. */
  readonly trusted: string;
  readonly authorityDays: number;
  readonly servingDays: number;
}

/** Time for every API server to see a changed configuration before something relies on it. */
export const SETTLE_MILLISECONDS = 600_000;
/** Time in which every replica has surely taken up a new serving certificate. */
export const OVERLAP_MILLISECONDS = 86_400_000;

/** What is to be done next, in this order of urgency. */
export type RotationStep = 'IssueAll' | 'Promote' | 'PrepareNext' | 'IssueServing' | 'DropPrevious' | 'Keep';

const DAY = 86_400_000;

function read(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

function fits(certificate: X509Certificate, key: string): boolean {
  try {
    return certificate.checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
}

const issuedAt = (certificate: X509Certificate): number =>
  certificate.validFromDate.getTime() + BACKDATE_MILLISECONDS;

/** Two thirds of its life are over: there is still a third in which renewing may fail. */
function isDue(certificate: X509Certificate, now: number): boolean {
  const from = certificate.validFromDate.getTime();
  return now >= from + ((certificate.validToDate.getTime() - from) * 2) / 3;
}

function isUsableAuthority(certificate: X509Certificate | undefined, key: string, now: number): boolean {
  return (
    certificate !== undefined &&
    certificate.ca &&
    certificate.validToDate.getTime() > now &&
    fits(certificate, key)
  );
}

function isGoodServing(
  { cert, key }: KeyedCertificate,
  authority: X509Certificate,
  { now, names }: RotationContext,
): boolean {
  const certificate = read(cert);
  if (!certificate || isDue(certificate, now) || !fits(certificate, key)) return false;
  const wanted = names.map((name) => `DNS:${name}`).join(', ');
  return (
    certificate.subjectAltName === wanted &&
    certificate.checkIssued(authority) &&
    certificate.verify(authority.publicKey)
  );
}

const isSettled = (certificate: X509Certificate, now: number): boolean =>
  now >= issuedAt(certificate) + SETTLE_MILLISECONDS;

/** What the authorities need: none that is about to end, and none that signs before it is trusted. */
function authorityStep(
  held: Certificates,
  authority: X509Certificate,
  context: RotationContext,
): RotationStep | undefined {
  const { now, trusted } = context;
  const next = held.next && read(held.next.cert);
  if (!held.next || !next || !isUsableAuthority(next, held.next.key, now))
    return isDue(authority, now) ? 'PrepareNext' : undefined;
  return trusted.includes(held.next.cert.trim()) && isSettled(next, now) ? 'Promote' : undefined;
}

function servingStep(
  held: Certificates,
  authority: X509Certificate,
  context: RotationContext,
): RotationStep | undefined {
  if (!isGoodServing(held.serving, authority, context)) return 'IssueServing';
  const serving = read(held.serving.cert);
  if (held.previous === undefined || !serving) return undefined;
  return context.now >= issuedAt(serving) + OVERLAP_MILLISECONDS ? 'DropPrevious' : undefined;
}

/** What the certificates need, given the time and what is trusted. Pure. */
export function rotationStep(held: Certificates | undefined, context: RotationContext): RotationStep {
  const authority = held && read(held.authority.cert);
  if (!held || !authority || !isUsableAuthority(authority, held.authority.key, context.now))
    return 'IssueAll';
  return authorityStep(held, authority, context) ?? servingStep(held, authority, context) ?? 'Keep';
}

async function servingOf(authority: KeyedCertificate, context: RotationContext): Promise<KeyedCertificate> {
  const { now, names, servingDays } = context;
  const daysLeft = (new X509Certificate(authority.cert).validToDate.getTime() - now) / DAY;
  return issueServing(authority, names, now, Math.min(servingDays, daysLeft));
}

/** The certificates after a step. */
export async function afterStep(
  step: RotationStep,
  held: Certificates | undefined,
  context: RotationContext,
): Promise<Certificates> {
  const { now, authorityDays } = context;
  if (!held || step === 'IssueAll') {
    const authority = await issueAuthority(now, authorityDays);
    return { authority, serving: await servingOf(authority, context) };
  }
  if (step === 'Promote') {
    const authority = held.next ?? held.authority;
    return { authority, serving: await servingOf(authority, context), previous: held.authority.cert };
  }
  if (step === 'PrepareNext') return { ...held, next: await issueAuthority(now, authorityDays) };
  if (step === 'IssueServing') return { ...held, serving: await servingOf(held.authority, context) };
  return step === 'DropPrevious' ? { ...held, previous: undefined } : held;
}

/** All that API servers shall trust meanwhile: the signer, the one to come, the one that was. */
export const bundleOf = ({ authority, next, previous }: Certificates): string =>
  [authority.cert, next?.cert, previous]
    .filter((pem) => pem !== undefined)
    .map((pem) => `${pem.trim()}\n`)
    .join('');
