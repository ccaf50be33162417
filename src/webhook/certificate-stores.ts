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
  readonly webhooks?: readonly { readonly name: string; readonly clientConfig?: { readonly caBundle?: string } }[];
};

const KEYS = ['ca.crt', 'ca.key', 'tls.crt', 'tls.key', 'next-ca.crt', 'next-ca.key', 'previous-ca.crt'] as const;

const encode = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
const decode = (text: string | undefined): string => Buffer.from(text ?? '', 'base64').toString('utf8');

const pair = (cert: string, key: string) => ({ cert, key });

/** The data of a Secret → certificates; undefined when the signer is missing. What is broken is found out later. */
export function certificatesOf(data: Readonly<Record<string, string>> | undefined): Certificates | undefined {
  const [authority, authorityKey, serving, servingKey, next, nextKey, previous] = KEYS.map((key) =>
    decode(data?.[key]),
  ) as [string, string, string, string, string, string, string];
  if (authority === '' || authorityKey === '') return undefined;
  return {
    authority: pair(authority, authorityKey),
    serving: pair(serving, servingKey),
    ...(next === '' ? {} : { next: pair(next, nextKey) }),
    ...(previous === '' ? {} : { previous }),
  };
}

/** Certificates → the data of a Secret. */
export function dataOf({ authority, serving, next, previous }: Certificates): Readonly<Record<string, string>> {
  const texts = [authority.cert, authority.key, serving.cert, serving.key, next?.cert, next?.key, previous];
  return Object.fromEntries(
    KEYS.flatMap((key, index) => {
      const text = texts[index];
      return text === undefined ? [] : [[key, encode(text)] as const];
    }),
  );
}

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
  let webhooks: WebhookConfiguration['webhooks'] = [];
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
