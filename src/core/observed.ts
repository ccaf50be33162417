import type { CodeExecutionRequest, SandboxClass } from '../api/parse.ts';
import type { Result } from '../api/v1alpha1/code-execution-request.ts';
import type { ApprovalSeen, Standing } from './approval/standing.ts';
import type { QuotaLimits } from './queue/quota.ts';
import type { Turn } from './queue/run-queue.ts';
import type { JobSeen, RunSeen } from './run/seen.ts';
import type { GrantedLimits } from './verdict/limits.ts';
import type { Judgement } from './verdict/judge.ts';

/** A sandbox shape for which a probe has shown that nothing can be reached. */
export interface ProvenShape {
  readonly runtimeClassName: string | undefined;
  readonly userNamespace: boolean;
}

/** What is known of the isolation of a class's sandboxes. */
export type Isolation =
  | { readonly proven: true; readonly shape: ProvenShape }
  | { readonly proven: false; readonly reason: IsolationProblem; readonly message: string };

export type IsolationProblem =
  | 'ProbePending'
  | 'NetworkOpen'
  | 'PolicyMissing'
  | 'ForeignPolicy'
  | 'AdmissionLoosened'
  | 'IsolationUnavailable'
  | 'GatewayUnavailable';

/** What stands in the way of every start, in words for the requester. */
export interface IsolationFault {
  readonly reason: IsolationProblem;
  readonly message: string;
}

/** How far this process knows the start of a run to have come. The status alone cannot tell it: a cache may be behind. */
export type StartAttempt =
  /** No trace of a start. */
  | 'None'
  /** This process wrote that it would create the Job, and has no answer yet that the Job exists. */
  | 'Intended'
  /** The API server told this process that the Job exists. */
  | 'Created'
  /** An earlier process wrote that it would create the Job; whether it did, nobody knows. */
  | 'Unknown';

/** Everything a decision about one request depends on. Only `controller/gather.ts` makes it. */
export interface Observed {
  readonly request: CodeExecutionRequest;
  readonly judgement: Judgement | undefined;
  /** Decisions of people about the request; read only where the judgement wants approval. */
  readonly approvals: readonly ApprovalSeen[];
  readonly sandboxClass: SandboxClass | undefined;
  readonly isolation: Isolation;
  readonly run: RunSeen | undefined;
  readonly start: StartAttempt;
  /** URL of the plugin gateway; undefined where no plugin was granted, or the gateway has no address. */
  readonly gateway: string | undefined;
  /** How many may run where the request is. */
  readonly quota: QuotaLimits;
  readonly turn: Turn;
  /** When the Job was created by this process, in epoch milliseconds. */
  readonly startedAt: number | undefined;
}

/** What shall be done next. `decide` gives it, `controller/apply.ts` does it, the conditions tell it. */
export type Plan =
  /** The request is finished: nothing to do. */
  | { readonly kind: 'Rest' }
  | { readonly kind: 'Deny' }
  /** Look again at the latest after `againSeconds`: a clock may have run out, a role changed. */
  | { readonly kind: 'AwaitApproval'; readonly approval: Standing; readonly againSeconds: number }
  /** Nothing is missing but a place to run. */
  | {
      readonly kind: 'Queue';
      readonly turn: Exclude<Turn, { kind: 'Granted' }>;
      /** undefined where none is wanted. */
      readonly approval: Standing | undefined;
      readonly againSeconds: number;
    }
  /** What runs is to be ended, since its request was cancelled. */
  | { readonly kind: 'Cancel'; readonly job: JobSeen; readonly againSeconds: number }
  /** A person said no, or nobody said yes in time: final. */
  | { readonly kind: 'Refuse'; readonly approval: Extract<Standing, { kind: 'Denied' | 'Expired' }> }
  /** Nothing may start until the isolation is proven again. */
  | {
      readonly kind: 'Hold';
      readonly isolation: Extract<Isolation, { proven: false }>;
      /** undefined where none is wanted. */
      readonly approval: Standing | undefined;
      readonly againSeconds: number;
    }
  | {
      readonly kind: 'Start';
      readonly approval: Standing | undefined;
      readonly shape: ProvenShape;
      readonly limits: GrantedLimits;
      readonly sandboxClass: SandboxClass;
      readonly gateway: string | undefined;
    }
  /** The Job exists; look again when something changes, at the latest after `againSeconds`. */
  | { readonly kind: 'Follow'; readonly againSeconds: number; readonly tell: boolean }
  | { readonly kind: 'Finish'; readonly result: Result };
