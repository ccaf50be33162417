/** What of a Job matters here. */
export interface JobSeen {
  readonly name: string;
  readonly uid: string;
  /** The request's uid that the Job carries; undefined on a Job that is not of our making. */
  readonly requestUid: string | undefined;
  /** Somebody deleted it, and its pod is being ended. */
  readonly deleting: boolean;
  readonly finished: 'Complete' | 'Failed' | undefined;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** Reason of the Failed condition, for example DeadlineExceeded. */
  readonly failedReason: string | undefined;
}

export interface TerminatedSeen {
  readonly exitCode: number;
  readonly reason: string | undefined;
  readonly message: string | undefined;
  readonly startedAt: string | undefined;
  readonly finishedAt: string | undefined;
  /** Whole seconds from start to end, as the kubelet rounds them. */
  readonly lastedSeconds?: number | undefined;
}

/** What of a sandbox's pod matters here. */
export interface PodSeen {
  readonly name: string;
  readonly phase: string;
  readonly reason: string | undefined;
  readonly message: string | undefined;
  readonly deleting: boolean;
  readonly node: string | undefined;
  readonly runtime: string | undefined;
  readonly userNamespace: boolean;
  readonly uid: number | undefined;
  /** Epoch milliseconds. */
  readonly runningSince: number | undefined;
  /** Seconds that the program was given; undefined on a pod that is not of our making. */
  readonly deadlineSeconds?: number | undefined;
  /** Why the container does not start, for example ErrImagePull. */
  readonly waiting: { readonly reason: string; readonly message: string } | undefined;
  readonly terminated: TerminatedSeen | undefined;
}

/** One run as the cluster shows it. */
export interface RunSeen {
  readonly job: JobSeen;
  readonly pod: PodSeen | undefined;
  /** The container's log, fetched only when the output stands there. */
  readonly log: string | undefined;
}
