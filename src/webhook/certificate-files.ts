import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TrustStore } from './certificates.ts';
import type { KeyedCertificate } from './issue-certificate.ts';

/** Reads the certificate that somebody else (cert-manager) keeps in a mounted Secret. */
export async function readCertificateFiles(directory: string): Promise<KeyedCertificate> {
  const [cert = '', key = ''] = await Promise.all(
    ['tls.crt', 'tls.key'].map((name) => readFile(join(directory, name), 'utf8')),
  );
  return { cert, key };
}

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
