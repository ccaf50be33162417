import { isKube, KubeError } from './errors.ts';
import { collectionPath } from './paths.ts';
import { apiVersionOf, type Resource } from './resources.ts';
import type { SendOptions } from './transport.ts';

export interface ListOptions {
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  /** Objects in a page, 500 unless told. */
  readonly limit?: number | undefined;
  /** For each page. */
  readonly timeoutMilliseconds?: number | undefined;
  /** Of a page; a longer one is asked for again in smaller pages. */
  readonly maxBytes?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** The same for all pages of a list. */
  readonly resourceVersion: string;
}

interface ObjectList<T> {
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
  readonly items?: readonly T[] | null;
}

const PAGE_LIMIT = 500;
/** Parsing needs several times the text, and the operator shall stay within 150 MB. The largest object of all has 1.5 MiB. */
const PAGE_MAX_BYTES = 4 * 1024 * 1024;
const PAGE_TIMEOUT = 30_000;

/** Lists of kinds that come with Kubernetes leave apiVersion and kind out of the items; watches do not. */
function named<T extends object>(items: readonly T[], resource: Resource): readonly T[] {
  const apiVersion = apiVersionOf(resource);
  const { kind } = resource;
  return items.map((item) => ('kind' in item ? item : { apiVersion, kind, ...item }));
}

type Read<T> = (path: string, options: SendOptions) => Promise<ObjectList<T>>;

/** Reads a list page by page. A page that is too long is asked for again in smaller ones, from the same place. */
export async function* listPages<T extends object>(
  read: Read<T>,
  resource: Resource,
  options: ListOptions,
): AsyncGenerator<Page<T>> {
  const { namespace, labelSelector, fieldSelector, timeoutMilliseconds = PAGE_TIMEOUT } = options;
  const path = collectionPath(resource, namespace);
  const sent = { timeoutMilliseconds, maxBytes: options.maxBytes ?? PAGE_MAX_BYTES, signal: options.signal };
  let limit = options.limit ?? PAGE_LIMIT;
  let next: string | undefined;
  for (;;) {
    const query = { labelSelector, fieldSelector, limit, continue: next };
    let page: ObjectList<T>;
    try {
      page = await read(path, { ...sent, query });
    } catch (error) {
      if (limit === 1 || !isTooLong(error)) throw error;
      limit = Math.max(1, Math.floor(limit / 4));
      continue;
    }
    yield { items: named(page.items ?? [], resource), resourceVersion: versionOf(page, path) };
    next = page.metadata?.continue || undefined;
    if (next === undefined) return;
  }
}

const isTooLong = (error: unknown): boolean => isKube(error, 'Terminal') && error.reason === 'AnswerTooLong';

function versionOf({ metadata }: ObjectList<unknown>, path: string): string {
  if (metadata?.resourceVersion) return metadata.resourceVersion;
  throw new KubeError('Retry', `GET ${path}: a list without resourceVersion`, { reason: 'BrokenAnswer' });
}
