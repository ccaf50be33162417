import type { RefusalCode } from './refusal.ts';

/** How a call ended, for those who count. */
export interface CallEnd {
  /** Undefined where no such plugin or operation was granted: names that nobody vouches for are no labels. */
  readonly plugin: string | undefined;
  readonly operation: string | undefined;
  readonly code: RefusalCode | 'Done' | 'Waiting';
  readonly seconds: number;
}

export interface Watch {
  readonly logger: { readonly error: (fields: object, message: string) => void };
  readonly ended: (end: CallEnd) => void;
  /** How many upstreams are left alone, told after each call. */
  readonly openCircuits: (upstreams: number) => void;
}
