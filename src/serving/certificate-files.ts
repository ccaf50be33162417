import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A serving certificate with its chain, and its key, both PEM. */
export interface ServingCertificate {
  readonly cert: string;
  readonly key: string;
}

/** Reads the certificate that somebody else (cert-manager) keeps in a mounted Secret. */
export async function readCertificateFiles(directory: string): Promise<ServingCertificate> {
  const [cert = '', key = ''] = await Promise.all(
    ['tls.crt', 'tls.key'].map((name) => readFile(join(directory, name), 'utf8')),
  );
  return { cert, key };
}
