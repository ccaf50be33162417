import { defineCondition } from './condition.ts';

/** Ends before the program's first instruction. */
const NEVER_RAN = new Set<string>(['NameCollision', 'StartFailed', 'TamperDetected']);

export const started = defineCondition({
  type: 'Started',
  meaning: 'Whether the sandbox was started.',
  reasons: {
    Starting: 'The Job is being created.',
    NotStarted: 'The Job is not created yet.',
    WaitingForPod: 'The Job exists; its pod does not run yet.',
    Running: 'The program runs.',
    Ran: 'The program ran.',
    NeverRan: 'The program did not run.',
  },
  compute: ({ seen: { run, start }, plan, problem }) => {
    switch (plan.kind) {
      case 'Hold':
      case 'Queue':
        return { status: 'Unknown', reason: 'NotStarted' };
      case 'Start':
        return problem === undefined
          ? { status: 'Unknown', reason: 'Starting' }
          : { status: 'Unknown', reason: 'NotStarted', detail: problem };
      case 'Follow':
        if (run?.pod?.runningSince !== undefined) return { status: 'True', reason: 'Running' };
        return {
          status: 'Unknown',
          reason: 'WaitingForPod',
          detail: run?.pod?.waiting && `${run.pod.waiting.reason}: ${run.pod.waiting.message}`,
        };
      case 'Finish':
        if (plan.result.exitCode !== undefined) return { status: 'True', reason: 'Ran' };
        return start === 'None' || NEVER_RAN.has(plan.result.reason)
          ? {
              status: 'False',
              reason: 'NeverRan',
              detail: run?.pod?.waiting && `${run.pod.waiting.reason}: ${run.pod.waiting.message}`,
            }
          : { status: 'True', reason: 'Ran' };
      default:
        return undefined;
    }
  },
});
