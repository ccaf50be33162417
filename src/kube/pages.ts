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
/** Parsing needs several times the text, and the operator shall stay within 150 MB. */
const PAGE_MAX_BYTES = 16 * 1024 * 1024;
const PAGE_TIMEOUT = 30_000;

/** Lists of kinds that come with Kubernetes leave apiVersion and kind out of the items; watches do not. */
function named<T extends object>(items: readonly T[], resource: Resource): readonly T[] {
  const apiVersion = apiVersionOf(resource);
  const { kind } = resource;
  return items.map((item) => ('kind' in item ? item : { apiVersion, kind, ...item }));
}

/** Reads a list page by page. A page that is too long is asked for again in smaller ones, from the same place. */
export async function* listPages<T extends object>(
  read: (path: string, options: SendOptions) => Promise<ObjectList<T>>,
  resource: Resource,
  options: ListOptions,
): AsyncGenerator<Page<T>> {
  const {
    namespace,
    labelSelector,
    fieldSelector,
    timeoutMilliseconds = PAGE_TIMEOUT,
    maxBytes = PAGE_MAX_BYTES,
  } = options;
  const path = collectionPath(resource, namespace);
  let limit = options.limit ?? PAGE_LIMIT;
  let next: string | undefined;
  for (;;) {
    const query = { labelSelector, fieldSelector, limit, continue: next };
    let page: ObjectList<T>;
    try {
      page = await read(path, { query, timeoutMilliseconds, maxBytes });
    } catch (error) {
      if (limit === 1 || !isKube(error, 'Terminal') || error.reason !== 'AnswerTooLong') throw error;
      limit = Math.max(1, Math.floor(limit / 4));
      continue;
    }
    const resourceVersion = page.metadata?.resourceVersion;
    if (!resourceVersion)
      throw new KubeError('Retry', `GET ${path}: a list without resourceVersion`, { reason: 'BrokenAnswer' });
    next = page.metadata?.continue || undefined;
    yield { items: named(page.items ?? [], resource), resourceVersion };
    if (next === undefined) return;
  }
}
