import type {
  ApplyOptions,
  CallOptions,
  DeleteOptions,
  KubeClient,
  LogOptions,
  PatchOptions,
  WatchOptions,
  WriteOptions,
} from './client-contract.ts';
import type { Connection } from './connection.ts';
import { KubeError, errorFromAnswer, isKube } from './errors.ts';
import { metadataOf, type ObjectRef } from './object.ts';
import { listPages, type ListOptions, type Page } from './pages.ts';
import { collectionPath, objectPath } from './paths.ts';
import type { ClientMetrics } from './ports.ts';
import { apiVersionOf, PODS, type Resource } from './resources.ts';
import { createTransport, type Answer, type Query, type SendOptions, type Transport } from './transport.ts';
import { watchParser, type WatchEvent } from './watch-stream.ts';

export { loadConnection, type Connection } from './connection.ts';
export type * from './client-contract.ts';
export type { KubeObject, ObjectRef } from './object.ts';
export type { ListOptions, Page } from './pages.ts';
export type { Resource } from './resources.ts';

const PATCH_TYPES = { merge: 'application/merge-patch+json', json: 'application/json-patch+json' } as const;
const APPLY_TYPE = 'application/apply-patch+yaml';

/** Room for the answer beside the log itself when only the log is bounded by the server. */
const LOG_DEFAULT_BYTES = 1024 * 1024;

const queryOf = ({ dryRun, fieldManager, fieldValidation }: WriteOptions): Query => ({
  dryRun: dryRun ? 'All' : undefined,
  fieldManager,
  fieldValidation,
});

function refOf(object: object): ObjectRef {
  const { namespace, name = '' } = metadataOf(object);
  return { namespace, name };
}

async function joined<T>(pages: AsyncIterable<Page<T>>): Promise<Page<T>> {
  const items: T[] = [];
  let resourceVersion = '';
  for await (const page of pages) {
    for (const item of page.items) items.push(item);
    ({ resourceVersion } = page);
  }
  return { items, resourceVersion };
}

/** Over a transport; several clients may share one. */
class TransportClient implements KubeClient {
  readonly #transport: Transport;
  readonly #mayWrite: (() => boolean) | undefined;

  constructor(transport: Transport, mayWrite: (() => boolean) | undefined) {
    this.#transport = transport;
    this.#mayWrite = mayWrite;
  }

  async get<T extends object>(
    resource: Resource,
    ref: ObjectRef,
    options: CallOptions = {},
  ): Promise<T | undefined> {
    try {
      return await this.#json<T>('GET', objectPath(resource, ref), options);
    } catch (error) {
      if (isKube(error, 'NotFound')) return undefined;
      throw error;
    }
  }

  async list<T extends object>(resource: Resource, options: ListOptions = {}): Promise<Page<T>> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await joined(this.pages<T>(resource, options));
      } catch (error) {
        if (attempt === 3 || !isKube(error, 'Gone')) throw error;
      }
    }
  }

  pages<T extends object>(resource: Resource, options: ListOptions = {}): AsyncGenerator<Page<T>> {
    return listPages<T>((path, sent) => this.#json('GET', path, sent), resource, options);
  }

  create<T extends object>(resource: Resource, object: T, options: WriteOptions = {}): Promise<T> {
    const path = collectionPath(resource, metadataOf(object).namespace);
    return this.#json<T>('POST', path, { ...options, query: queryOf(options), body: JSON.stringify(object) });
  }

  replace<T extends object>(resource: Resource, object: T, options: WriteOptions = {}): Promise<T> {
    const sent = { ...options, query: queryOf(options), body: JSON.stringify(object) };
    return this.#json<T>('PUT', objectPath(resource, refOf(object)), sent);
  }

  apply<T extends object>(resource: Resource, object: T, options: ApplyOptions): Promise<T> {
    return this.#apply(resource, object, options, undefined);
  }

  applyStatus<T extends object>(resource: Resource, object: T, options: ApplyOptions): Promise<T> {
    return this.#apply(resource, object, options, 'status');
  }

  patch<T extends object>(
    resource: Resource,
    ref: ObjectRef,
    patch: object,
    options: PatchOptions = {},
  ): Promise<T> {
    return this.#json<T>('PATCH', objectPath(resource, ref, options.subresource), {
      ...options,
      query: queryOf(options),
      contentType: PATCH_TYPES[options.type ?? (Array.isArray(patch) ? 'json' : 'merge')],
      body: JSON.stringify(patch),
    });
  }

  async delete(resource: Resource, ref: ObjectRef, options: DeleteOptions = {}): Promise<void> {
    const { uid, resourceVersion, propagationPolicy, gracePeriodSeconds, dryRun } = options;
    const body = {
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      ...(uid === undefined && resourceVersion === undefined
        ? {}
        : { preconditions: { uid, resourceVersion } }),
      propagationPolicy,
      gracePeriodSeconds,
      dryRun: dryRun ? ['All'] : undefined,
    };
    try {
      await this.#json('DELETE', objectPath(resource, ref), { ...options, body: JSON.stringify(body) });
    } catch (error) {
      if (!isKube(error, 'NotFound')) throw error;
    }
  }

  async request(
    method: string,
    path: string,
    options: SendOptions = {},
  ): Promise<{ status: number; body: string }> {
    const { status, body } = await this.#send(method, path, options);
    return { status, body: body.toString('utf8') };
  }

  async watch<T extends object>(
    resource: Resource,
    options: WatchOptions,
    onEvent: (event: WatchEvent<T>) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const { namespace, onOpen, ...query } = options;
    const path = collectionPath(resource, namespace);
    const answer = await this.#transport.stream(path, {
      query: { watch: true, ...query },
      signal,
      onOpen: () => onOpen?.(),
      onData: watchParser(`WATCH ${path}`, onEvent),
    });
    if (answer) throw errorOf(answer, `WATCH ${path}`);
  }

  async podLog(namespace: string, pod: string, options: LogOptions = {}): Promise<Buffer> {
    const { container, limitBytes = LOG_DEFAULT_BYTES } = options;
    const path = objectPath(PODS, { namespace, name: pod }, 'log');
    // limitBytes is a favour of the kubelet, which may send a little more; the bound of our own is the hard one.
    const sent = {
      query: { container, limitBytes },
      maxBytes: limitBytes + 64 * 1024,
      headers: { accept: '*/*' },
    };
    return (await this.#succeed('GET', path, sent)).body;
  }

  close(): Promise<void> {
    return this.#transport.close();
  }

  #apply<T extends object>(
    resource: Resource,
    object: T,
    options: ApplyOptions,
    subresource: string | undefined,
  ): Promise<T> {
    return this.#json<T>('PATCH', objectPath(resource, refOf(object), subresource), {
      ...options,
      query: { ...queryOf(options), force: options.force },
      contentType: APPLY_TYPE,
      body: JSON.stringify({ apiVersion: apiVersionOf(resource), kind: resource.kind, ...object }),
    });
  }

  #send(method: string, path: string, options: SendOptions): Promise<Answer> {
    const guarded = this.#mayWrite !== undefined && method !== 'GET' && method !== 'HEAD';
    if (!guarded) return this.#transport.send(method, path, options);
    return this.#transport.send(method, path, { ...options, mayStart: this.#mayWrite });
  }

  async #succeed(method: string, path: string, options: SendOptions): Promise<Answer> {
    const answer = await this.#send(method, path, options);
    if (answer.status >= 200 && answer.status < 300) return answer;
    throw errorOf(answer, `${method} ${path}`);
  }

  async #json<T>(method: string, path: string, options: SendOptions): Promise<T> {
    const { body } = await this.#succeed(method, path, options);
    try {
      const parsed: T = JSON.parse(body.toString('utf8'));
      return parsed;
    } catch (cause) {
      throw new KubeError('Retry', `${method} ${path}: the answer is not JSON`, {
        reason: 'BrokenAnswer',
        cause,
      });
    }
  }
}

function errorOf({ status, headers, body }: Answer, what: string): KubeError {
  const retryAfter = headers['retry-after'];
  return errorFromAnswer(
    {
      status,
      body: body.toString('utf8'),
      retryAfter: Array.isArray(retryAfter) ? retryAfter[0] : retryAfter,
    },
    what,
  );
}

/**
 * A client over a transport that exists. `mayWrite` is asked in the last moment before a write goes out; when it says no,
 * the write fails with reason NotLeading and nothing was sent.
 */
export const createKubeClient = (
  transport: Transport,
  options: { mayWrite?: () => boolean } = {},
): KubeClient => new TransportClient(transport, options.mayWrite);

/** Transport and client in one, for who needs one client only. */
export const connectKube = (options: {
  readonly connection: Connection;
  readonly version?: string | undefined;
  readonly metrics?: ClientMetrics | undefined;
}): KubeClient => createKubeClient(createTransport(options));
