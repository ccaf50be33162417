import { readCertificateFiles } from '../serving/certificate-files.ts';
import type { TrustStore } from './certificates.ts';
import type { KeyedCertificate } from './issue-certificate.ts';

/** Serves what lies in the directory, and makes sure that somebody has written whom to trust. */
export async function upholdCertificateFiles(
  directory: string,
  trust: Pick<TrustStore, 'read'>,
  serve: (certificate: KeyedCertificate) => void,
): Promise<void> {
  serve(await readCertificateFiles(directory));
  const { bundles } = await trust.read();
  if (bundles.includes('')) throw new Error('no caBundle was injected into the webhook configuration yet');
}
