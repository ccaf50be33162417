/**
 * Works on several items at once and gives the results in the order of the items, each as soon as it is there: an item that has not come
 * yet never holds up the result of one that has. At most `width` items are held.
 */
export async function* inOrder<T, R>(
  items: AsyncIterator<T>,
  width: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const pending: Promise<R>[] = [];
  let next: Promise<IteratorResult<T>> | undefined = items.next();
  try {
    while (next !== undefined || pending.length > 0) {
      const [oldest] = pending;
      const ready: boolean =
        oldest !== undefined &&
        (next === undefined ||
          pending.length >= width ||
          (await Promise.race([next.then(() => false), oldest.then(() => true)])));
      if (ready) {
        const result = await pending[0];
        void pending.shift();
        if (result !== undefined) yield result;
        continue;
      }
      const item: IteratorResult<T> | undefined = await next;
      if (item === undefined || item.done === true) next = undefined;
      else {
        const begun = work(item.value);
        // Told when its turn comes; until then nobody waits for it.
        begun.catch(() => undefined);
        pending.push(begun);
        next = items.next();
      }
    }
  } finally {
    next?.catch(() => undefined);
  }
}
