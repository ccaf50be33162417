import type { Connection } from './connection.ts';
import { KubeError, errorFromAnswer, isKube } from './errors.ts';
import { metadataOf, type ObjectRef } from './object.ts';
import { listPages, type ListOptions, type Page } from './pages.ts';
import { collectionPath, objectPath } from './paths.ts';
import type { ClientMetrics } from './ports.ts';
import { apiVersionOf, type Resource } from './resources.ts';
import { createTransport, type Answer, type Query, type SendOptions, type Transport } from './transport.ts';
import { watchParser, type WatchEvent } from './watch-stream.ts';

export { loadConnection, type Connection } from './connection.ts';
export type { KubeObject, ObjectRef } from './object.ts';
export type { ListOptions, Page } from './pages.ts';
export type { Resource } from './resources.ts';

/** Of any call. */
export interface CallOptions {
  readonly timeoutMilliseconds?: number | undefined;
  readonly maxBytes?: number | undefined;
}

/** Of a call that writes. */
export interface WriteOptions extends CallOptions {
  /** Judge and answer, but keep nothing. */
  readonly dryRun?: boolean | undefined;
  readonly fieldManager?: string | undefined;
  /** Strict refuses what the server does not know, which it would drop otherwise. */
  readonly fieldValidation?: 'Strict' | 'Warn' | 'Ignore' | undefined;
}

/** Of a server-side apply. */
export interface ApplyOptions extends WriteOptions {
  readonly fieldManager: string;
  /** Take fields over from other managers. */
  readonly force?: boolean | undefined;
}

export interface PatchOptions extends WriteOptions {
  readonly type?: 'merge' | 'json' | undefined;
  readonly subresource?: string | undefined;
}

export interface DeleteOptions extends CallOptions {
  /** Delete this very object, not a later one of the same name; else Conflict. */
  readonly uid?: string | undefined;
  readonly resourceVersion?: string | undefined;
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan' | undefined;
  readonly gracePeriodSeconds?: number | undefined;
  readonly dryRun?: boolean | undefined;
}

export interface WatchOptions {
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  readonly resourceVersion?: string | undefined;
  readonly allowWatchBookmarks?: boolean | undefined;
  readonly timeoutSeconds?: number | undefined;
  /** The server accepted the watch. */
  readonly onOpen?: (() => void) | undefined;
}

/**
 * Plain JSON in and out: nothing is renamed, converted or dropped, and times stay text. Whatever goes wrong is thrown as a
 * {@link KubeError}; a network fault or a busy server as one of kind `Retry`.
 */
export interface KubeClient {
  /** Undefined when there is none. */
  get<T extends object>(resource: Resource, ref: ObjectRef, options?: CallOptions): Promise<T | undefined>;
  /** All pages in one, as of one resourceVersion. */
  list<T extends object>(resource: Resource, options?: ListOptions): Promise<Page<T>>;
  /** Page by page, as of one resourceVersion; throws `Gone` when that is compacted away meanwhile. */
  pages<T extends object>(resource: Resource, options?: ListOptions): AsyncGenerator<Page<T>>;
  create<T extends object>(resource: Resource, object: T, options?: WriteOptions): Promise<T>;
  /** With a resourceVersion inside, only that version is replaced; else `Conflict`. */
  replace<T extends object>(resource: Resource, object: T, options?: WriteOptions): Promise<T>;
  /** Server-side apply. apiVersion and kind may be left out. */
  apply<T extends object>(resource: Resource, object: T, options: ApplyOptions): Promise<T>;
  /** Server-side apply to the status subresource. */
  applyStatus<T extends object>(resource: Resource, object: T, options: ApplyOptions): Promise<T>;
  /** A merge patch (an object) or a JSON patch (a list of operations). */
  patch<T extends object>(
    resource: Resource,
    ref: ObjectRef,
    patch: object,
    options?: PatchOptions,
  ): Promise<T>;
  /** What does not exist counts as deleted. */
  delete(resource: Resource, ref: ObjectRef, options?: DeleteOptions): Promise<void>;
  /** Any path; a status that is no success is answered, not thrown. */
  request(
    method: string,
    path: string,
    options?: SendOptions,
  ): Promise<{ readonly status: number; readonly body: string }>;
  /** Resolves when the server ends the watch; throws when it refuses, breaks, or is stopped by the signal. */
  watch(
    resource: Resource,
    options: WatchOptions,
    onEvent: (event: WatchEvent) => void,
    signal: AbortSignal,
  ): Promise<void>;
  podLog(
    namespace: string,
    pod: string,
    options?: { readonly container?: string | undefined; readonly limitBytes?: number | undefined },
  ): Promise<Buffer>;
  close(): Promise<void>;
}

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
        const items: T[] = [];
        let resourceVersion = '';
        for await (const page of this.pages<T>(resource, options)) {
          for (const item of page.items) items.push(item);
          ({ resourceVersion } = page);
        }
        return { items, resourceVersion };
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

  async watch(
    resource: Resource,
    options: WatchOptions,
    onEvent: (event: WatchEvent) => void,
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

  async podLog(
    namespace: string,
    pod: string,
    options: { readonly container?: string | undefined; readonly limitBytes?: number | undefined } = {},
  ): Promise<Buffer> {
    const { container, limitBytes = LOG_DEFAULT_BYTES } = options;
    const path = objectPath(
      { group: '', version: 'v1', plural: 'pods', kind: 'Pod', namespaced: true },
      { namespace, name: pod },
      'log',
    );
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
      return JSON.parse(body.toString('utf8')) as T;
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
