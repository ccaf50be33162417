import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeyedCertificate } from './issue-certificate.ts';

/** Reads the certificate that somebody else (cert-manager) keeps in a mounted Secret. */
export async function readCertificateFiles(directory: string): Promise<KeyedCertificate> {
  const [cert, key] = await Promise.all(
    ['tls.crt', 'tls.key'].map((name) => readFile(join(directory, name), 'utf8')),
  );
  return { cert: cert ?? '', key: key ?? '' };
}
