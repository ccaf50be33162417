import { keyOf, metadataOf } from './object.ts';
import type { KubeLogger } from './ports.ts';

/** How objects are kept: made small, and found by more than their key. */
export interface StoreOptions<T> {
  readonly transform?: ((object: T) => T) | undefined;
  readonly indexBy?: ((object: T) => readonly string[]) | undefined;
  readonly logger: KubeLogger;
}

/** A key whose object is another now, with the object as last known. */
export interface Change<T> {
  readonly key: string;
  readonly object: T;
}

/** The objects of an informer. An object that a callback of its owner stumbles over is kept as it came: it harms only itself. */
export class ObjectStore<T extends object> {
  readonly #options: StoreOptions<T>;
  #objects = new Map<string, T>();
  #index = new Map<string, Set<string>>();

  constructor(options: StoreOptions<T>) {
    this.#options = options;
  }

  get(key: string): T | undefined {
    return this.#objects.get(key);
  }

  list(): readonly T[] {
    return [...this.#objects.values()];
  }

  byIndex(value: string): readonly T[] {
    const found: T[] = [];
    for (const key of this.#index.get(value) ?? []) {
      const object = this.#objects.get(key);
      if (object !== undefined) found.push(object);
    }
    return found;
  }

  /** Makes an object as small as it shall be kept; what is known in this very version already is answered as it is. */
  admit(raw: T): Change<T> | undefined {
    const key = keyOf(raw);
    if (key === undefined) {
      this.#options.logger.warn({}, 'an object without a name is left out');
      return undefined;
    }
    const known = this.#objects.get(key);
    if (known !== undefined && isSameVersion(known, raw)) return { key, object: known };
    delete metadataOf(raw).managedFields;
    return { key, object: this.#transform(raw, key) };
  }

  /** Keeps one object; false when it was known in this version. */
  set({ key, object }: Change<T>): boolean {
    const known = this.#objects.get(key);
    if (known === object) return false;
    if (known !== undefined) this.#unindex(key, known);
    this.#objects.set(key, object);
    this.#addToIndex(key, object);
    return true;
  }

  delete(key: string): T | undefined {
    const known = this.#objects.get(key);
    if (known === undefined) return undefined;
    this.#unindex(key, known);
    this.#objects.delete(key);
    return known;
  }

  /** Puts a whole list in place of what was known, and tells what is different. */
  replace(listed: ReadonlyMap<string, T>): readonly Change<T>[] {
    const changes: Change<T>[] = [];
    for (const [key, object] of this.#objects) if (!listed.has(key)) changes.push({ key, object });
    for (const { key } of changes) this.delete(key);
    for (const [key, object] of listed) if (this.set({ key, object })) changes.push({ key, object });
    return changes;
  }

  #transform(raw: T, key: string): T {
    try {
      return this.#options.transform?.(raw) ?? raw;
    } catch (err) {
      this.#options.logger.error({ err, key }, 'an object could not be made smaller, it is kept whole');
      return raw;
    }
  }

  #valuesOf(key: string, object: T): readonly string[] {
    try {
      return this.#options.indexBy?.(object) ?? [];
    } catch (err) {
      this.#options.logger.error({ err, key }, 'an object could not be indexed');
      return [];
    }
  }

  #addToIndex(key: string, object: T): void {
    for (const value of this.#valuesOf(key, object)) {
      const keys = this.#index.get(value);
      if (keys) keys.add(key);
      else this.#index.set(value, new Set([key]));
    }
  }

  #unindex(key: string, object: T): void {
    for (const value of this.#valuesOf(key, object)) {
      const keys = this.#index.get(value);
      keys?.delete(key);
      if (keys?.size === 0) this.#index.delete(value);
    }
  }
}

function isSameVersion(known: object, raw: object): boolean {
  const { resourceVersion, uid } = metadataOf(raw);
  const before = metadataOf(known);
  return resourceVersion !== undefined && before.resourceVersion === resourceVersion && before.uid === uid;
}
