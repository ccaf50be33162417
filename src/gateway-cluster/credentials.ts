import type { Plugin } from '../api/parse.ts';
import type { KubeClient } from '../kube/client.ts';
import { SECRETS } from '../kube/resources.ts';

/** A Secret that was read counts so long; a changed one is in use soon after. */
const KNOWN_MILLISECONDS = 30_000;

interface Secret {
  readonly data?: Readonly<Record<string, string>>;
}

export interface CredentialsOptions {
  readonly client: Pick<KubeClient, 'get'>;
  /** Of the gateway, whose Secrets they are. */
  readonly namespace: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** The credential of a plugin, from its Secret. Rejects when it cannot be read or holds nothing that a header may carry. */
export function credentialsOver({ client, namespace, now }: CredentialsOptions) {
  const known = new Map<string, { readonly value: string; readonly until: number }>();
  return async ({ metadata, spec }: Plugin): Promise<string | undefined> => {
    const { credential } = spec.upstream;
    if (!credential) return undefined;
    const { secretName: name, key } = credential;
    const found = known.get(`${name}/${key}`);
    if (found && found.until > now()) return found.value;
    const secret = await client.get<Secret>(SECRETS, { namespace, name }, { timeoutMilliseconds: 3000 });
    const value = Buffer.from(secret?.data?.[key] ?? '', 'base64')
      .toString('utf8')
      .trim();
    if (!/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(value))
      throw new Error(`Secret ${name} holds no credential of plugin ${metadata.name} under key ${key}`);
    known.set(`${name}/${key}`, { value, until: now() + KNOWN_MILLISECONDS });
    return value;
  };
}
