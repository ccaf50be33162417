import { canonicalJson } from '../core/verdict/digest.ts';
import type { Requester } from '../api/v1alpha1/code-execution-request.ts';

/** How long an answer of RBAC is believed. The controller asks again before it runs anything. */
const HOLD_MILLISECONDS = 5000;
const MAX_ENTRIES = 1000;

type Ask = (requester: Requester, role: string) => Promise<boolean>;

/** Asks RBAC once for the same question within a few seconds, also when it is asked many times at the same time. Failures are not kept. */
export function rememberedHoldings(ask: Ask, now: () => number): Ask {
  const answers = new Map<string, { readonly until: number; readonly answer: Promise<boolean> }>();
  return (requester, role) => {
    const key = canonicalJson([role, requester]);
    const known = answers.get(key);
    if (known && known.until > now()) return known.answer;
    answers.delete(key);
    const oldest = answers.size >= MAX_ENTRIES ? answers.keys().next().value : undefined;
    if (oldest !== undefined) answers.delete(oldest);
    const answer = ask(requester, role);
    answers.set(key, { until: now() + HOLD_MILLISECONDS, answer });
    answer.catch(() => {
      if (answers.get(key)?.answer === answer) answers.delete(key);
    });
    return answer;
  };
}
