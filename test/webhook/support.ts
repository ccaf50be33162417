import type { Finding, Severity } from '../../src/core/analysis/report.ts';
import type { AdmissionRequest } from '../../src/webhook/admission.ts';
import type { AdmissionPorts, Outcome } from '../../src/webhook/admit-request.ts';
import type { CertificateStore, TrustStore } from '../../src/webhook/certificates.ts';
import { certificatesOf, dataOf } from '../../src/webhook/certificate-stores.ts';
import { aClass, aFinding as aFindingOf, aPolicy, aReport, aRole } from '../support/build.ts';

export { aClass, aPolicy, aReport, aRole };

export const aFinding = (line: number, severity: Severity = 'Critical'): Finding =>
  aFindingOf({ line, endLine: line, severity });

export const USER = {
  username: 'alice',
  uid: 'u-1',
  groups: ['team-b', 'system:authenticated', 'team-a'],
  extra: { 'example.com/session': ['7', '8'] },
} as const;

export const aSpec = (given: object = {}) => ({
  language: 'Python',
  code: 'print(1)\n',
  role: 'user',
  sandboxClassName: 'default',
  locale: 'en',
  ...given,
});

export const anAdmission = (
  spec: unknown = aSpec(),
  given: Partial<AdmissionRequest> = {},
): AdmissionRequest => ({
  uid: 'review-1',
  group: 'sekisho.dev',
  version: 'v1alpha1',
  resource: 'codeexecutionrequests',
  subResource: '',
  operation: 'CREATE',
  namespace: 'team-a',
  name: 'weekly',
  dryRun: false,
  userInfo: USER,
  object: {
    apiVersion: 'sekisho.dev/v1alpha1',
    kind: 'CodeExecutionRequest',
    metadata: { name: 'weekly' },
    spec,
  },
  ...given,
});

/** Ports over facts that stand still; what was logged and counted is kept. */
export function ports(given: Partial<AdmissionPorts> = {}, facts: Partial<AdmissionPorts['facts']> = {}) {
  const logs: object[] = [];
  const outcomes: Outcome[] = [];
  const made: AdmissionPorts = {
    facts: {
      synced: () => true,
      stale: () => false,
      role: () => Promise.resolve(aRole({ allowedActions: [] })),
      sandboxClass: () => Promise.resolve(aClass()),
      pluginsServed: false,
      plugin: () => Promise.resolve(undefined),
      policies: () => [],
      namespaceLabels: () => Promise.resolve({}),
      ...facts,
    },
    holdsRole: () => Promise.resolve(true),
    mayActFor: () => Promise.resolve(true),
    analyse: () => Promise.resolve(aReport()),
    now: () => performance.now(),
    logger: { info: (fields) => void logs.push(fields), warn: (fields) => void logs.push(fields) },
    observe: (_request, _review, outcome) => void outcomes.push(outcome),
    ...given,
  };
  return { ports: made, logs, outcomes };
}

/** What a review's patch does, decoded. */
export const patchOf = (review: { response: { patch?: string } }): unknown =>
  review.response.patch === undefined
    ? undefined
    : JSON.parse(Buffer.from(review.response.patch, 'base64').toString('utf8'));

/** A Secret in memory that refuses a write to another version than the stored, as the API server does. */
export function memorySecret() {
  let version = 1;
  let data: Readonly<Record<string, string>> = {};
  const store = (): CertificateStore => ({
    read: () => Promise.resolve({ version: String(version), certificates: certificatesOf(data) }),
    write: (expected, certificates) => {
      if (expected !== String(version)) return Promise.resolve(false);
      version += 1;
      data = dataOf(certificates);
      return Promise.resolve(true);
    },
  });
  return {
    store,
    data: () => data,
    versions: () => version,
    empty: () => {
      data = {};
      version += 1;
    },
  };
}

/** The caBundle of a configuration in memory. */
export function memoryTrust(webhooks = 1) {
  let version = 1;
  let bundles: readonly string[] = Array.from({ length: webhooks }, () => '');
  const trust: TrustStore = {
    read: () => Promise.resolve({ version: String(version), bundles }),
    write: (expected, bundle) => {
      if (expected !== String(version)) return Promise.reject(new Error('somebody else has written'));
      version += 1;
      bundles = bundles.map(() => bundle);
      return Promise.resolve();
    },
  };
  return {
    trust,
    bundles: () => bundles,
    versions: () => version,
    overwrite: (text: string) => {
      bundles = bundles.map(() => text);
      version += 1;
    },
  };
}
