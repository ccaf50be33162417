/** Whether a result is there before the next item is, or must be waited for since no further item can be taken. */
async function comesFirst(result: Promise<unknown>, item: Promise<unknown> | undefined): Promise<boolean> {
  if (item === undefined) return true;
  return Promise.race([item.then(() => false), result.then(() => true)]);
}

/**
 * Works on several items at once and gives the results in the order of the items, each as soon as it is there: an item that has not come
 * yet never holds up the result of one that has. At most `width` items are worked on, and one more is held.
 */
export async function* inOrder<T, R>(
  items: AsyncIterator<T>,
  width: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const pending: Promise<R>[] = [];
  let next: Promise<IteratorResult<T>> | undefined = items.next();
  while (next !== undefined || pending.length > 0) {
    const [oldest] = pending;
    if (oldest && (await comesFirst(oldest, pending.length < width ? next : undefined))) {
      void pending.shift();
      yield await oldest;
      continue;
    }
    const item: IteratorResult<T> | undefined = await next;
    if (item === undefined || item.done === true) {
      next = undefined;
      continue;
    }
    const begun = work(item.value);
    // An error is told when its turn comes; until then nobody waits for it.
    begun.catch(() => undefined);
    pending.push(begun);
    next = items.next();
    next.catch(() => undefined);
  }
}
