import { AUTHORITY_DAYS, SERVING_DAYS } from './issue-certificate.ts';
import type { KeyedCertificate } from './issue-certificate.ts';
import { afterStep, bundleOf, rotationStep } from './rotation.ts';
import type { Certificates, RotationContext } from './rotation.ts';

/** Where certificates are kept. Several replicas write to it. */
export interface CertificateStore {
  /** Rejects when there is no Secret: the chart makes it, since only a named one may be written. */
  readonly read: () => Promise<{ readonly version: string; readonly certificates: Certificates | undefined }>;
  /** False when somebody else has written since that version. */
  readonly write: (version: string, certificates: Certificates) => Promise<boolean>;
}

/** Whom the API servers trust. */
export interface TrustStore {
  /** The PEM bundle of every webhook in the configuration. */
  readonly read: () => Promise<{ readonly version: string; readonly bundles: readonly string[] }>;
  /** Rejects when somebody else has written since that version. */
  readonly write: (version: string, bundle: string) => Promise<void>;
}

export interface SelfManagedOptions {
  readonly store: CertificateStore;
  readonly trust: TrustStore;
  readonly names: readonly string[];
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly serve: (certificate: KeyedCertificate) => void;
  readonly logger: { readonly info: (fields: object, message: string) => void };
  readonly authorityDays?: number;
  readonly servingDays?: number;
}

/** Steps that may follow each other at once, and replicas that may come in between. */
const MAX_STEPS = 10;

/**
 * Brings Secret, configuration and server to where they ought to be. Every replica does this each minute; whoever is first writes.
 * The order carries the promise that no API server meets a certificate that it does not trust: trust is read before the Secret,
 * the Secret is written before trust, and a certificate is served only when trust for it is in place.
 */
export async function upholdCertificates(options: SelfManagedOptions): Promise<void> {
  const { trust, serve } = options;
  const { version, bundles } = await trust.read();
  const certificates = await settledCertificates(options, bundles);
  const bundle = bundleOf(certificates);
  if (bundles.some((found) => found !== bundle)) {
    await trust.write(version, bundle);
    options.logger.info({}, 'wrote caBundle of the webhook configuration');
  }
  serve(certificates.serving);
}

/** What all bundles have in common: a certificate counts as trusted when every webhook trusts it. */
const trustedByAll = (bundles: readonly string[]): string => {
  const [first = [], ...others] = bundles.map((bundle) => bundle.split(/(?<=-----END CERTIFICATE-----)/));
  return first
    .filter((pem) => others.every((other) => other.some((one) => one.trim() === pem.trim())))
    .join('');
};

async function settledCertificates(
  options: SelfManagedOptions,
  bundles: readonly string[],
): Promise<Certificates> {
  const { store, now, names, logger } = options;
  const context: RotationContext = {
    now: now(),
    names,
    trusted: trustedByAll(bundles),
    authorityDays: options.authorityDays ?? AUTHORITY_DAYS,
    servingDays: options.servingDays ?? SERVING_DAYS,
  };
  for (let count = 0; count < MAX_STEPS; count += 1) {
    const { version, certificates } = await store.read();
    const step = rotationStep(certificates, context);
    if (certificates && step === 'Keep') return certificates;
    // When another replica was faster, its certificates are as good: read them and look again.
    const written = await store.write(version, await afterStep(step, certificates, context));
    if (written) logger.info({ step }, 'rotated certificates');
  }
  throw new Error('the certificates did not settle');
}
