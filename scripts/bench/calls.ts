import { REQUEST } from '../../src/objects/labels.ts';
import { kindOf } from './audit.ts';
import type { Call } from './audit.ts';
import { SANDBOXES, SYSTEM } from './cluster.ts';
import { BENCH } from './objects.ts';
import type { Runs } from './runs.ts';

export interface CallCounts {
  readonly writes: number;
  readonly reads: number;
  /** By kind, verb and resource, such as `write: create jobs`. */
  readonly each: Readonly<Record<string, number>>;
}

/** Counts what the controller called for the given requests; others may use the cluster meanwhile. */
export function countCalls(calls: readonly Call[], requests: readonly string[], runs: Runs): CallCounts {
  const ours = requests.map((name) => runs.get(name).job);
  const isForeign = ({ namespace, name }: Call) => {
    if (namespace !== SANDBOXES) return namespace !== '' && namespace !== BENCH && namespace !== SYSTEM;
    if (name.startsWith('run-')) return !ours.some((job) => name.startsWith(job));
    return runs.of.request.jobs.get(name)?.metadata?.annotations?.[REQUEST] !== undefined;
  };
  const kinds = { write: 0, read: 0 };
  const each: Record<string, number> = {};
  for (const call of calls) {
    const kind = kindOf(call, isForeign);
    if (kind === 'other') continue;
    if (kind === 'write' || kind === 'read') kinds[kind] += 1;
    const what = `${kind}: ${call.verb} ${call.resource}`;
    each[what] = (each[what] ?? 0) + 1;
  }
  return { writes: kinds.write, reads: kinds.read, each };
}
