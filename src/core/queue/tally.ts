import type { Run } from './run.ts';

type Counted = Pick<Run, 'namespace' | 'requester'>;

/** Counts by namespace and by requester. */
export class Tally {
  readonly #namespaces: Map<string, number>;
  readonly #requesters: Map<string, number>;

  constructor(namespaces: Iterable<[string, number]> = [], requesters: Iterable<[string, number]> = []) {
    this.#namespaces = new Map(namespaces);
    this.#requesters = new Map(requesters);
  }

  add({ namespace, requester }: Counted, amount: number): void {
    change(this.#namespaces, namespace, amount);
    change(this.#requesters, requester, amount);
  }

  ofNamespace(namespace: string): number {
    return this.#namespaces.get(namespace) ?? 0;
  }

  ofRequester(requester: string): number {
    return this.#requesters.get(requester) ?? 0;
  }

  copy(): Tally {
    return new Tally(this.#namespaces, this.#requesters);
  }
}

function change(counts: Map<string, number>, name: string, amount: number): void {
  const count = (counts.get(name) ?? 0) + amount;
  if (count === 0) counts.delete(name);
  else counts.set(name, count);
}
