import { isKube } from '../kube/errors.ts';
import type { KubeClient } from '../kube/client.ts';
import { MUTATING_WEBHOOKS, SECRETS } from '../kube/resources.ts';
import type { CertificateStore, TrustStore } from './certificates.ts';
import type { Certificates } from './rotation.ts';

interface Versioned {
  readonly metadata?: { readonly resourceVersion?: string };
}
type Secret = Versioned & { readonly data?: Readonly<Record<string, string>> };
type WebhookConfiguration = Versioned & {
  readonly webhooks?: readonly {
    readonly name: string;
    readonly clientConfig?: { readonly caBundle?: string };
  }[];
};

const encode = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
const decode = (text: string | undefined): string => Buffer.from(text ?? '', 'base64').toString('utf8');

type Data = Readonly<Record<string, string>>;

/** The data of a Secret → certificates; undefined when the signer is missing. What is broken is found out later. */
export function certificatesOf(data: Data | undefined): Certificates | undefined {
  const text = (key: string): string => decode(data?.[key]);
  const authority = { cert: text('ca.crt'), key: text('ca.key') };
  const next = { cert: text('next-ca.crt'), key: text('next-ca.key') };
  const previous = text('previous-ca.crt');
  if (authority.cert === '' || authority.key === '') return undefined;
  return {
    authority,
    serving: { cert: text('tls.crt'), key: text('tls.key') },
    ...(next.cert === '' ? {} : { next }),
    ...(previous === '' ? {} : { previous }),
  };
}

/** Certificates → the data of a Secret. */
export const dataOf = ({ authority, serving, next, previous }: Certificates): Data => ({
  'ca.crt': encode(authority.cert),
  'ca.key': encode(authority.key),
  'tls.crt': encode(serving.cert),
  'tls.key': encode(serving.key),
  ...(next ? { 'next-ca.crt': encode(next.cert), 'next-ca.key': encode(next.key) } : {}),
  ...(previous === undefined ? {} : { 'previous-ca.crt': encode(previous) }),
});

/** Keeps certificates in a Secret, by optimistic locking. */
export function secretStore(client: KubeClient, namespace: string, name: string): CertificateStore {
  let last: Secret = {};
  return {
    async read() {
      const secret = await client.get<Secret>(SECRETS, { namespace, name });
      if (!secret) throw new Error(`there is no Secret ${namespace}/${name}; the chart makes it`);
      last = secret;
      return { version: secret.metadata?.resourceVersion ?? '', certificates: certificatesOf(secret.data) };
    },
    async write(version, certificates) {
      const metadata = { ...last.metadata, namespace, name, resourceVersion: version };
      try {
        await client.replace<Secret>(SECRETS, { ...last, metadata, data: dataOf(certificates) });
        return true;
      } catch (error) {
        if (isKube(error, 'Conflict')) return false;
        throw error;
      }
    },
  };
}

/** The caBundles of a MutatingWebhookConfiguration, all of which are ours. */
export function configurationTrust(client: KubeClient, name: string): TrustStore {
  let webhooks: NonNullable<WebhookConfiguration['webhooks']> = [];
  return {
    async read() {
      const found = await client.get<WebhookConfiguration>(MUTATING_WEBHOOKS, { name });
      if (!found) throw new Error(`there is no MutatingWebhookConfiguration ${name}; the chart makes it`);
      webhooks = found.webhooks ?? [];
      const bundles = webhooks.map(({ clientConfig }) => decode(clientConfig?.caBundle));
      return { version: found.metadata?.resourceVersion ?? '', bundles };
    },
    async write(version, bundle) {
      // The tests refuse the patch when somebody has changed the configuration, so that an index never hits another webhook.
      const patch = [
        { op: 'test', path: '/metadata/resourceVersion', value: version },
        ...webhooks.map((_webhook, index) => ({
          op: 'add',
          path: `/webhooks/${index}/clientConfig/caBundle`,
          value: encode(bundle),
        })),
      ];
      await client.patch(MUTATING_WEBHOOKS, { name }, patch);
    },
  };
}
