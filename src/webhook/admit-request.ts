import type { CodeExecutionRequest } from '../api/parse.ts';
import type { Identity } from '../api/v1alpha1/identity.ts';
import { GROUP } from '../api/v1alpha1/group.ts';
import type { Judgement } from '../core/verdict/judge.ts';
import type { AdmissionRequest, AdmissionReview } from './admission.ts';
import { judgeRequest } from '../judging/judge-request.ts';
import type { JudgePorts } from '../judging/judge-request.ts';
import { judgeable } from '../judging/judgeable.ts';
import { invalid, rejected } from './refusals.ts';
import { allowed, denied, errored, nameOf, patched } from './review.ts';
import { callerOf, stamped, stampPatch } from './stamp.ts';
import { verdictLater, warningsOf } from './warnings.ts';

/** The webhook's own timeout is 5 s; whoever has no verdict by then is admitted without one, and the controller gives it. */
export const JUDGE_MILLISECONDS = 4000;
/** Requests judged at one time. Beyond that a verdict would come too late anyway, and holding the callers up helps nobody. */
export const MAX_JUDGED_AT_ONCE = 64;

/** How an admission ended; the label of its metric, so a closed set. */
export type Outcome =
  'Allow' | 'RequireApproval' | 'Deny' | 'Rejected' | 'Invalid' | 'Undetermined' | 'NotReady' | 'Ignored';

/** What an admission needs of the world around it. */
export interface AdmissionPorts extends JudgePorts {
  /** Milliseconds on a clock that only goes forward. */
  readonly now: () => number;
  readonly logger: {
    readonly info: (fields: object, message: string) => void;
    readonly warn: (fields: object, message: string) => void;
  };
  /** Told of each answer. */
  readonly observe: (request: AdmissionRequest, review: AdmissionReview, outcome: Outcome) => void;
  readonly judgeMilliseconds?: number;
}

/** Answers one AdmissionRequest. Never rejects for what a caller wrote. */
export type Admission = (request: AdmissionRequest) => Promise<AdmissionReview>;

interface Answer {
  readonly outcome: Outcome;
  readonly review: AdmissionReview;
  readonly judgeMilliseconds?: number;
}

class TooLate extends Error {}

async function within<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new TooLate('no verdict in time')), milliseconds);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function judgedAnswer(
  admission: AdmissionRequest,
  request: CodeExecutionRequest,
  judgement: Judgement,
  requester: Identity,
): Answer {
  const lines = warningsOf(request.spec, judgement);
  const { uid, object } = admission;
  if (judgement.rejectAtAdmission)
    return { outcome: 'Rejected', review: denied(uid, rejected(nameOf(admission), lines)) };
  return {
    outcome: judgement.verdict.decision,
    review: patched(uid, stampPatch(object, 'requester', requester), lines),
  };
}

class Admitter {
  private readonly ports: AdmissionPorts;
  private judging = 0;

  constructor(ports: AdmissionPorts) {
    this.ports = ports;
  }

  async admit(admission: AdmissionRequest): Promise<AdmissionReview> {
    const { now, logger, observe } = this.ports;
    const start = now();
    const { outcome, review, judgeMilliseconds } = await this.answer(admission);
    const milliseconds = now() - start;
    observe(admission, review, outcome);
    const { uid, namespace, dryRun, userInfo } = admission;
    logger.info(
      {
        uid,
        namespace,
        name: nameOf(admission),
        user: userInfo.username ?? '',
        outcome,
        dryRun,
        milliseconds: Math.round(milliseconds),
        ...(judgeMilliseconds === undefined ? {} : { judgeMilliseconds: Math.round(judgeMilliseconds) }),
      },
      'admission answered',
    );
    return review;
  }

  private async answer(admission: AdmissionRequest): Promise<Answer> {
    const { uid, group, resource, subResource, operation, object, userInfo } = admission;
    if (group !== GROUP || resource !== 'codeexecutionrequests' || subResource !== '') {
      const message = `This webhook judges codeexecutionrequests.${GROUP}, not ${resource}.${group}. Correct the rules of its configuration.`;
      return { outcome: 'Ignored', review: errored(uid, 400, message) };
    }
    // Everything after the creation is held by the CRD itself: spec never changes.
    if (operation !== 'CREATE') return { outcome: 'Ignored', review: allowed(uid) };
    const requester = callerOf(userInfo);
    const judged = judgeable(stamped(object, 'requester', requester));
    if (!judged.ok)
      return {
        outcome: 'Invalid',
        review: denied(uid, invalid('CodeExecutionRequest', nameOf(admission), judged.errors)),
      };
    if (!this.ports.facts.synced()) {
      const message =
        'Sekisho has just started and is still reading roles, classes and policies. Try again in a few seconds.';
      return { outcome: 'NotReady', review: errored(uid, 503, message, 1) };
    }
    return this.judge(admission, judged.request, requester);
  }

  private async judge(
    admission: AdmissionRequest,
    request: CodeExecutionRequest,
    requester: Identity,
  ): Promise<Answer> {
    const { now, logger } = this.ports;
    const start = now();
    const undetermined = (why: string): Answer => {
      logger.warn({ uid: admission.uid, namespace: admission.namespace, why }, 'admitted without a verdict');
      const warnings = [verdictLater(request.spec.locale)];
      const review = patched(admission.uid, stampPatch(admission.object, 'requester', requester), warnings);
      return { outcome: 'Undetermined', review, judgeMilliseconds: now() - start };
    };
    if (this.judging >= MAX_JUDGED_AT_ONCE) return undetermined('too many at once');
    try {
      const judgement = await within(
        this.counted(judgeRequest(request, admission.namespace, this.ports)),
        this.ports.judgeMilliseconds ?? JUDGE_MILLISECONDS,
      );
      return { ...judgedAnswer(admission, request, judgement, requester), judgeMilliseconds: now() - start };
    } catch (error) {
      // Not the caller's business: the controller judges again, and nothing runs before it has.
      return undetermined(error instanceof Error ? error.message : 'unknown');
    }
  }

  /** Counts work until it really ends, not until its caller stopped waiting. */
  private async counted<T>(work: Promise<T>): Promise<T> {
    this.judging += 1;
    try {
      return await work;
    } finally {
      this.judging -= 1;
    }
  }
}

/** The one place that answers an admission: stamp, refuse what cannot be judged, judge, tell. */
export function createAdmission(ports: AdmissionPorts): Admission {
  const admitter = new Admitter(ports);
  return (request) => admitter.admit(request);
}
