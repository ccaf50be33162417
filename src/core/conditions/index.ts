import type { Condition } from '../../api/v1alpha1/condition.ts';
import { analysed } from './analysed.ts';
import { approved } from './approved.ts';
import { authorized } from './authorized.ts';
import type { ConditionDefinition, Facts } from './condition.ts';
import { isolated } from './isolated.ts';
import { started } from './started.ts';
import { succeeded } from './succeeded.ts';

/** Adding a condition: a file beside this one, a line here; docs/api.md is generated from the list. */
export const CONDITIONS: readonly ConditionDefinition[] = [
  succeeded,
  analysed,
  authorized,
  approved,
  isolated,
  started,
];

/**
 * All conditions on every pass. One that does not apply stays as it was; lastTransitionTime moves only with the status.
 * `time` is RFC 3339.
 */
export function computeConditions(facts: Facts, time: string): readonly Condition[] {
  const { metadata, status } = facts.seen.request;
  const before = new Map((status.conditions ?? []).map((condition) => [condition.type, condition]));
  return CONDITIONS.flatMap(({ type, reasons, compute }) => {
    const old = before.get(type);
    const answer = compute(facts);
    if (!answer) return old ? [old] : [];
    const text = reasons[answer.reason] ?? '';
    const message = answer.detail ? `${text} ${answer.detail}` : text;
    const lastTransitionTime = old?.status === answer.status ? old.lastTransitionTime : time;
    return [
      {
        type,
        status: answer.status,
        observedGeneration: metadata.generation,
        lastTransitionTime,
        reason: answer.reason,
        message: message.slice(0, 32_768),
      },
    ];
  });
}
