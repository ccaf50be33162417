import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../../support/eventually.ts';
import { kubectl, must, run, withUser } from './kubectl.ts';

interface Certificate {
  readonly 'client-certificate-data': string;
  readonly 'client-key-data': string;
}

const base64 = (content: Buffer | string): string => Buffer.from(content).toString('base64');

/** A client certificate for somebody, signed by the cluster as it signs those of people. */
async function certificateOf(name: string): Promise<Certificate> {
  const folder = mkdtempSync(join(tmpdir(), 'sekisho-person-'));
  try {
    const [key, csr] = [join(folder, 'key'), join(folder, 'csr')];
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    const made = await run('openssl', [
      ...['req', '-new', ...curve, '-keyout', key, '-out', csr, '-subj', `/CN=${name}`],
    ]);
    if (made.code !== 0) throw new Error(made.stderr);
    await must(['create', '-f', '-'], {
      apiVersion: 'certificates.k8s.io/v1',
      kind: 'CertificateSigningRequest',
      metadata: { name },
      spec: {
        request: base64(readFileSync(csr)),
        signerName: 'kubernetes.io/kube-apiserver-client',
        expirationSeconds: 3600,
        usages: ['client auth'],
      },
    });
    await must(['certificate', 'approve', name]);
    const certificate = await eventually(
      () => must(['get', 'csr', name, '-o', 'jsonpath={.status.certificate}']),
      { what: 'the certificate is signed', timeoutMilliseconds: 30_000 },
    );
    return { 'client-certificate-data': certificate, 'client-key-data': base64(readFileSync(key)) };
  } finally {
    rmSync(folder, { recursive: true });
    await kubectl(['delete', 'csr', name, '--ignore-not-found']);
  }
}

/** Somebody with a kubeconfig of their own. */
export interface Person {
  readonly name: string;
  /** Path of the kubeconfig. */
  readonly kubeconfig: string;
  readonly end: () => void;
}

/** Makes a real user of a name, with a client certificate. */
export async function newPerson(name: string): Promise<Person> {
  const certificate = await certificateOf(name);
  const folder = mkdtempSync(join(tmpdir(), 'sekisho-person-'));
  const kubeconfig = join(folder, 'kubeconfig');
  await withUser(
    () => certificate,
    async (flags) =>
      writeFileSync(kubeconfig, readFileSync(flags[flags.indexOf('--kubeconfig') + 1] ?? ''), {
        mode: 0o600,
      }),
  );
  return { name, kubeconfig, end: () => rmSync(folder, { recursive: true, force: true }) };
}
