/** Events that one object may cause at once, and how long until it may cause one more. client-go's, but for more at once. */
const OBJECT = { burst: 25, refillMilliseconds: 60_000 } as const;
/** Events of all objects together. */
const ALL = { burst: 300, refillMilliseconds: 50 } as const;
const MAX_OBJECTS = 2000;

interface Bucket {
  tokens: number;
  at: number;
}

type Limits = { readonly burst: number; readonly refillMilliseconds: number };

function refill(bucket: Bucket | undefined, { burst, refillMilliseconds }: Limits, now: number): Bucket {
  if (!bucket) return { tokens: burst, at: now };
  const gained = Math.max(0, now - bucket.at) / refillMilliseconds;
  return { tokens: Math.min(burst, bucket.tokens + gained), at: now };
}

/** Answers for each new event whether it may be written, so that an object in trouble does not flood the server. */
export function createEventBudget(now: () => number): (regarding: string) => boolean {
  let all: Bucket | undefined;
  const objects = new Map<string, Bucket>();
  return (regarding) => {
    const at = now();
    all = refill(all, ALL, at);
    const own = refill(objects.get(regarding), OBJECT, at);
    if (all.tokens < 1 || own.tokens < 1) return false;
    all.tokens -= 1;
    own.tokens -= 1;
    objects.delete(regarding);
    objects.set(regarding, own);
    const [oldest] = objects.keys();
    if (objects.size > MAX_OBJECTS && oldest !== undefined) objects.delete(oldest);
    return true;
  };
}
