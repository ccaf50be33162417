import type { Call } from './audit.ts';
import type { Runs } from './runs.ts';

/** Milliseconds that each phase took, of all requests and plain Jobs in which it was seen. */
export type Phases = Readonly<Record<string, readonly number[]>>;

const between = (from: number | undefined, to: number | undefined) =>
  (to ?? Number.NaN) - (from ?? Number.NaN);

function phasesOfRequest(name: string, calls: readonly Call[], runs: Runs): Record<string, number> {
  const { created, ended, job } = runs.get(name);
  const start = calls.find((call) => call.verb === 'create' && call.resource === 'jobs' && call.name === job);
  const writes = calls.filter(
    (call) => call.resource === 'codeexecutionrequests/status' && call.name === name,
  );
  const [queued, last] = [writes[0], writes.at(-1)];
  const pod = runs.of.request.pods.times(job);
  return {
    '1 request create → status Queued written': between(created, queued?.to),
    '2 → Job created': between(queued?.to, start?.to),
    '3 → pod created': between(start?.to, pod['created']),
    '4 → scheduled': between(pod['created'], pod['scheduled']),
    '5 → container terminated, seen': between(pod['scheduled'], pod['terminated']),
    '6 → result write begins': between(pod['terminated'], last?.from),
    '7 → result seen': between(last?.from, ended),
  };
}

/** Where the time goes: between the writes of the controller (`calls`) and what the watches saw. */
export function phasesOf(
  requests: readonly string[],
  plains: readonly string[],
  calls: readonly Call[],
  runs: Runs,
): Phases {
  const phases: Record<string, number[]> = {};
  const add = (found: Record<string, number>) => {
    for (const [phase, value] of Object.entries(found))
      if (!Number.isNaN(value)) (phases[phase] ??= []).push(value);
  };
  for (const name of requests) add(phasesOfRequest(name, calls, runs));
  for (const name of plains) {
    const pod = runs.of.plain.pods.times(name);
    add({ 'plain: scheduled → container terminated, seen': between(pod['scheduled'], pod['terminated']) });
  }
  return phases;
}
