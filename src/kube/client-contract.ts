import type { ObjectRef } from './object.ts';
import type { ListOptions, Page } from './pages.ts';
import type { Resource } from './resources.ts';
import type { SendOptions } from './transport.ts';
import type { WatchEvent } from './watch-stream.ts';

/** Of any call. */
export interface CallOptions {
  readonly timeoutMilliseconds?: number | undefined;
  readonly maxBytes?: number | undefined;
  /** Ends the call. */
  readonly signal?: AbortSignal | undefined;
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

/** Of a read of a container's output. */
export interface LogOptions {
  readonly container?: string | undefined;
  /** 1 MiB unless told. */
  readonly limitBytes?: number | undefined;
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
  watch<T extends object>(
    resource: Resource,
    options: WatchOptions,
    onEvent: (event: WatchEvent<T>) => void,
    signal: AbortSignal,
  ): Promise<void>;
  podLog(namespace: string, pod: string, options?: LogOptions): Promise<Buffer>;
  close(): Promise<void>;
}
