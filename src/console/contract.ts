/** What the page and its server say to each other, as JSON. */
import type { Difference } from '../core/view/difference.ts';
import type { PendingRow } from '../core/view/pending-row.ts';
import type { RequestView } from '../core/view/request-view.ts';

export type { PendingRow } from '../core/view/pending-row.ts';
export type { Fact, RequestView, ShownFinding, ShownText, ShownVerdict } from '../core/view/request-view.ts';
export type { DiffLine, Difference } from '../core/view/difference.ts';
export type { Piece } from '../core/view/hidden.ts';

/** Who is signed in, as the API server knows them. */
export interface Session {
  readonly username: string;
}

/** The requests that wait for a person, the most urgent first. */
export interface Pending {
  readonly rows: readonly PendingRow[];
  /** Whether there are more than are listed. */
  readonly isCut: boolean;
  /** Where a watch goes on. */
  readonly resourceVersion: string;
}

/** A request, whole. */
export interface Shown {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly state: string | undefined;
  readonly view: RequestView;
  /** Of all texts together: what is drawn is counted against it. */
  readonly lineCount: number;
  readonly resourceVersion: string;
}

/** How a request differs from the last one of its requester that the reader approved, where there is such a one. */
export interface Changes {
  readonly since?: { readonly sentence: string; readonly difference: Difference };
}

/** What a person decides, about exactly what they were shown. */
export interface Decision {
  readonly uid: string;
  readonly digest: string;
  readonly decision: 'Approve' | 'Deny';
  readonly reason: string;
}

/** A change of a request that is followed. */
export type Change =
  | { readonly kind: 'row'; readonly row: PendingRow; readonly resourceVersion: string }
  | { readonly kind: 'gone'; readonly row: PendingRow; readonly resourceVersion: string }
  /** Nothing happened; the watch is this far. */
  | { readonly kind: 'place'; readonly resourceVersion: string }
  /** The watch cannot go on from here: all must be read anew. */
  | { readonly kind: 'lost' };

/** Why something was not done. */
export interface Failure {
  readonly kind:
    | 'SignIn'
    | 'Forbidden'
    | 'NotFound'
    | 'Unreadable'
    | 'Refused'
    | 'Gone'
    | 'TooMany'
    | 'Invalid'
    | 'Unreachable';
  /** In the words of whoever refused; safe to print. */
  readonly message: string;
}
