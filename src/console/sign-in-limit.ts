const WINDOW_MILLISECONDS = 60_000;
/** Tokens that the API server refused, of one address and of all, in a minute. */
const PER_ADDRESS = 10;
const IN_ALL = 300;
/** What is kept in memory; the oldest goes first. */
const MOST_ADDRESSES = 10_000;
const MOST_CALLERS = 1000;

function trimmed(collection: Map<string, unknown> | Set<string>, most: number): void {
  for (const oldest of collection.keys()) {
    if (collection.size <= most) return;
    collection.delete(oldest);
  }
}

/** Slows down who tries tokens. Callers whose token was good a moment ago are never slowed: behind a proxy all share one address. */
export class SignInLimit {
  readonly #now: () => number;
  readonly #failures = new Map<string, number>();
  readonly #good = new Set<string>();
  #all = 0;
  #until = 0;

  /** `now` in milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Whether a token from this address is not even passed on. */
  isBlocked(address: string, key: string): boolean {
    this.#turn();
    if (this.#good.has(key)) return false;
    return this.#all >= IN_ALL || (this.#failures.get(address) ?? 0) >= PER_ADDRESS;
  }

  /** The API server knew the token. */
  succeeded(key: string): void {
    this.#good.delete(key);
    this.#good.add(key);
    trimmed(this.#good, MOST_CALLERS);
  }

  /** The API server did not know the token. */
  failed(address: string, key: string): void {
    this.#turn();
    this.#good.delete(key);
    this.#all += 1;
    this.#failures.set(address, (this.#failures.get(address) ?? 0) + 1);
    trimmed(this.#failures, MOST_ADDRESSES);
  }

  #turn(): void {
    if (this.#now() < this.#until) return;
    this.#until = this.#now() + WINDOW_MILLISECONDS;
    this.#all = 0;
    this.#failures.clear();
  }
}
