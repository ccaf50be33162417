import type { Result, ResultReason } from '../../api/v1alpha1/code-execution-request.ts';
import { parseLog, parseMessage } from './frame.ts';
import type { Frame, Refusal } from './frame.ts';
import type { PodSeen, RunSeen, TerminatedSeen } from './seen.ts';
import { safeOutput } from './text.ts';

/** What is kept of each stream when the class is gone; the same as the default of SandboxClass spec.outputBytes. */
export const DEFAULT_OUTPUT_BYTES = 65_536;

/** Exit code with which timeout(1) says that even the supervisor had to be killed, or that somebody else killed it. */
const KILLED = 137;

/** Exit code with which timeout(1) says that it ended the program. */
const TIMED_OUT = 124;

const isRefusal = (message: Frame | Refusal | undefined): message is Refusal =>
  message !== undefined && 'refused' in message;

/** Whether the run is over: a container that ended, or a pod or Job that will never have one. */
export function isOver(run: RunSeen): boolean {
  if (run.pod?.terminated) return true;
  if (run.pod?.phase === 'Failed' || run.pod?.phase === 'Succeeded') return true;
  return run.job.finished !== undefined;
}

/** A run whose output stands in the log, which is therefore to be fetched. */
export function needsLog(pod: PodSeen | undefined): boolean {
  const message = parseMessage(pod?.terminated?.message);
  return message !== undefined && !isRefusal(message) && message.output === undefined;
}

const lateByCluster = ({ pod, job }: RunSeen): boolean =>
  pod?.reason === 'DeadlineExceeded' || job.failedReason === 'DeadlineExceeded';

/**
 * Whether timeout(1) ended the container without a word of the supervisor. A program that starves its supervisor leaves it no
 * time to hand over; what is known then is how long it lasted.
 */
function timedOut(ended: TerminatedSeen, pod: PodSeen | undefined): boolean {
  if (ended.exitCode === TIMED_OUT) return true;
  return ended.exitCode === KILLED && (ended.lastedSeconds ?? 0) >= (pod?.deadlineSeconds ?? Infinity);
}

/** Of a container that ended without a frame: it was cut off, or the program killed its supervisor. */
function silentReason({ pod }: RunSeen, ended: TerminatedSeen): ResultReason {
  if (pod?.reason === 'Evicted') return evictionReason(pod);
  if (pod?.deleting) return 'Interrupted';
  if (timedOut(ended, pod)) return 'DeadlineExceeded';
  return ended.exitCode === 0 ? 'Completed' : 'Error';
}

/** The supervisor was told to end, which is the same signal from timeout(1) and from whoever deletes or evicts the pod. */
function toldToEnd({ pod }: RunSeen, { lastedSeconds = 0 }: TerminatedSeen): ResultReason {
  if (pod?.reason === 'Evicted') return evictionReason(pod);
  const early = lastedSeconds < (pod?.deadlineSeconds ?? Infinity);
  return pod?.deleting && early ? 'Interrupted' : 'DeadlineExceeded';
}

function containerReason(
  run: RunSeen,
  ended: TerminatedSeen,
  message: Frame | Refusal | undefined,
): ResultReason {
  if (isRefusal(message)) return 'TamperDetected';
  if (message && message.exitCode === 0 && !message.deadline) return 'Completed';
  if (ended.reason === 'OOMKilled') return 'OOMKilled';
  if (lateByCluster(run)) return 'DeadlineExceeded';
  if (message?.deadline) return toldToEnd(run, ended);
  return message ? 'Error' : silentReason(run, ended);
}

const evictionReason = (pod: PodSeen): ResultReason =>
  /emptyDir|ephemeral|storage/i.test(pod.message ?? '') ? 'StorageExceeded' : 'Interrupted';

/** Why a pod ended in which no container ever ran to an end. */
function podReason(run: RunSeen): ResultReason {
  if (run.pod?.reason === 'Evicted') return evictionReason(run.pod);
  if (lateByCluster(run)) return run.pod?.runningSince ? 'DeadlineExceeded' : 'StartFailed';
  return 'Interrupted';
}

type Output = Pick<Result, 'stdout' | 'stderr' | 'truncated'>;

function outputOf(frame: Frame, log: string | undefined, outputBytes: number): Output {
  const output = frame.output ?? (log === undefined ? undefined : parseLog(log));
  if (!output) return { truncated: true };
  const stdout = safeOutput(output.stdout, outputBytes);
  const stderr = safeOutput(output.stderr, outputBytes);
  const cut = stdout.cut || stderr.cut || frame.stdoutBytes > outputBytes || frame.stderrBytes > outputBytes;
  return { stdout: stdout.text, stderr: stderr.text, truncated: cut };
}

function times(ended: TerminatedSeen | undefined): Pick<Result, 'startedAt' | 'finishedAt'> {
  return {
    ...(ended?.startedAt ? { startedAt: ended.startedAt } : {}),
    ...(ended?.finishedAt ? { finishedAt: ended.finishedAt } : {}),
  };
}

/** How a run that is over ended. `outputBytes`: what is kept of each stream. */
export function resultOf(run: RunSeen, outputBytes: number): Result {
  const ended = run.pod?.terminated;
  if (!ended) return { reason: podReason(run) };
  const message = parseMessage(ended.message);
  const reason = containerReason(run, ended, message);
  // The program did not run: the exit code is the supervisor's.
  if (isRefusal(message)) return { reason, ...times(ended) };
  if (!message) return { reason, exitCode: ended.exitCode, ...times(ended) };
  return {
    reason,
    exitCode: ended.exitCode,
    ...outputOf(message, run.log, outputBytes),
    ...times(ended),
    durationMilliseconds: message.durationMilliseconds,
  };
}
