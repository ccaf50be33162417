import type { KubeClient } from './client.ts';
import { SUBJECT_ACCESS_REVIEWS } from './resources.ts';

/** Who is asked about, as the API server told us of them. */
export interface Subject {
  readonly username: string;
  readonly groups?: readonly string[] | undefined;
  readonly uid?: string | undefined;
  readonly extra?: Readonly<Record<string, readonly string[]>> | undefined;
}

/** What they would do. */
export interface AccessRequest {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly name?: string | undefined;
  readonly namespace?: string | undefined;
}

export interface AccessAnswer {
  readonly allowed: boolean;
  /** In the words of the authorizer; may be empty. */
  readonly reason: string;
}

/** Asks the API server whether somebody may do something. */
export interface AccessReviewer {
  /** Throws when nobody could tell. */
  review(subject: Subject, request: AccessRequest): Promise<AccessAnswer>;
  /** Forgets all answers: RBAC has changed. */
  invalidate(): void;
}

export interface AccessReviewerOptions {
  readonly client: Pick<KubeClient, 'create'>;
  /** How long an answer counts; 10 s unless told, 0 for never. */
  readonly cacheMilliseconds?: number | undefined;
  readonly maxEntries?: number | undefined;
  readonly now?: (() => number) | undefined;
}

interface SubjectAccessReview {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: object;
  readonly spec: object;
  readonly status?: {
    readonly allowed?: boolean;
    readonly reason?: string;
    readonly evaluationError?: string;
  };
}

const CACHE_MILLISECONDS = 10_000;
const MAX_ENTRIES = 1000;

function reviewOf({ username, groups, uid, extra }: Subject, request: AccessRequest): SubjectAccessReview {
  return {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    metadata: {},
    spec: { user: username, groups, uid, extra, resourceAttributes: request },
  };
}

function answerOf({ status }: SubjectAccessReview): AccessAnswer {
  if (typeof status?.allowed !== 'boolean')
    throw new Error('the API server answered a SubjectAccessReview without a status');
  // RBAC reports a binding to a role that does not exist here, beside an answer that is right all the same.
  const words = [status.reason, status.evaluationError].filter((text) => text !== undefined && text !== '');
  return { allowed: status.allowed, reason: words.join('; ') };
}

/** The same question in the same words, whatever the order of groups and extras. */
function questionOf({ username, groups, uid, extra }: Subject, request: AccessRequest): string {
  const { verb, group, resource, name, namespace } = request;
  const extras = Object.entries(extra ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([username, groups?.toSorted(), uid, extras, verb, group, resource, name, namespace]);
}

/** Creates an {@link AccessReviewer}. Questions asked at the same time are asked once. */
export function createAccessReviewer(options: AccessReviewerOptions): AccessReviewer {
  const {
    client,
    cacheMilliseconds = CACHE_MILLISECONDS,
    maxEntries = MAX_ENTRIES,
    now = Date.now,
  } = options;
  let answers = new Map<string, { readonly answer: Promise<AccessAnswer>; readonly until: number }>();

  return {
    review(subject, request) {
      const question = questionOf(subject, request);
      const known = answers.get(question);
      if (known && now() < known.until) return known.answer;
      const answer = client.create(SUBJECT_ACCESS_REVIEWS, reviewOf(subject, request)).then(answerOf);
      const asked = { answer, until: now() + cacheMilliseconds };
      const into = answers;
      into.delete(question);
      into.set(question, asked);
      const [oldest] = into.keys();
      if (into.size > maxEntries && oldest !== undefined) into.delete(oldest);
      // An error is no answer: whoever asks next asks anew.
      answer.catch(() => {
        if (into.get(question) === asked) into.delete(question);
      });
      return answer;
    },
    invalidate() {
      // A new map, so that answers under way to questions from before do not count either.
      answers = new Map();
    },
  };
}
