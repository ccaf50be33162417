import type { V1ContainerStatus, V1Job, V1Pod } from '@kubernetes/client-node';
import type { JobSeen, PodSeen, TerminatedSeen } from '../core/run/seen.ts';
import { START_SECONDS } from '../objects/pod.ts';
import { COMPONENT, MANAGED_BY, MANAGER, REQUEST_UID } from '../objects/labels.ts';

/** client-node types times as Date; our transport leaves them as the RFC 3339 text that the API server sent. */
type Time = Date | string | undefined;
const text = (time: Time): string | undefined => time as string | undefined;
const milliseconds = (time: Time): number | undefined =>
  time === undefined ? undefined : Date.parse(time as string);

const isTrue = (job: V1Job, type: string) =>
  job.status?.conditions?.find((condition) => condition.type === type && condition.status === 'True');

/** A Job as the API server sends it → what matters of it. */
export function seeJob(job: V1Job): JobSeen {
  const labels = job.metadata?.labels ?? {};
  const ours = labels[MANAGED_BY] === MANAGER && labels[COMPONENT] === 'sandbox';
  const failed = isTrue(job, 'Failed');
  return {
    name: job.metadata?.name ?? '',
    uid: job.metadata?.uid ?? '',
    requestUid: ours ? labels[REQUEST_UID] : undefined,
    deleting: job.metadata?.deletionTimestamp !== undefined,
    createdAt: milliseconds(job.metadata?.creationTimestamp) ?? 0,
    finished: failed ? 'Failed' : isTrue(job, 'Complete') ? 'Complete' : undefined,
    failedReason: failed?.reason,
  };
}

function seeTerminated(status: V1ContainerStatus | undefined): TerminatedSeen | undefined {
  const ended = status?.state?.terminated;
  if (!ended) return undefined;
  return {
    exitCode: ended.exitCode,
    reason: ended.reason,
    message: ended.message,
    startedAt: text(ended.startedAt),
    finishedAt: text(ended.finishedAt),
    lastedSeconds: ((milliseconds(ended.finishedAt) ?? 0) - (milliseconds(ended.startedAt) ?? 0)) / 1000,
  };
}

function seeWaiting(pod: V1Pod, status: V1ContainerStatus | undefined): PodSeen['waiting'] {
  const waiting = status?.state?.waiting;
  if (waiting?.reason && waiting.reason !== 'ContainerCreating')
    return { reason: waiting.reason, message: waiting.message ?? '' };
  const unscheduled = pod.status?.conditions?.find(
    ({ type, status: value }) => type === 'PodScheduled' && value === 'False',
  );
  return unscheduled
    ? { reason: unscheduled.reason ?? 'Unschedulable', message: unscheduled.message ?? '' }
    : undefined;
}

/** The program's own deadline; that of the pod leaves it time to start. */
const deadlineOf = (pod: V1Pod): number => (pod.spec?.activeDeadlineSeconds ?? Infinity) - START_SECONDS;

/** A pod of one container → what matters of it. */
export function seePod(pod: V1Pod): PodSeen {
  const status = pod.status?.containerStatuses?.[0];
  return {
    name: pod.metadata?.name ?? '',
    phase: pod.status?.phase ?? 'Pending',
    reason: pod.status?.reason,
    message: pod.status?.message,
    deleting: pod.metadata?.deletionTimestamp !== undefined,
    node: pod.spec?.nodeName,
    runtime: pod.spec?.runtimeClassName ?? 'default',
    userNamespace: pod.spec?.hostUsers === false,
    uid: pod.spec?.securityContext?.runAsUser,
    runningSince: milliseconds(status?.state?.running?.startedAt),
    deadlineSeconds: deadlineOf(pod),
    waiting: seeWaiting(pod, status),
    terminated: seeTerminated(status),
  };
}
