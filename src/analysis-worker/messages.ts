import type { AnalysisOptions, Source } from '../core/analysis/engine.ts';
import type { Report } from '../core/analysis/report.ts';

/** What the worker is asked. */
export interface Order {
  readonly id: number;
  readonly source: Source;
  readonly options: AnalysisOptions;
}

/** What the worker says: that it starts (its modules are loaded, the order is there), then what it found. */
export type Reply =
  | { readonly id: number; readonly kind: 'started' }
  | { readonly id: number; readonly kind: 'done'; readonly report: Report };

/** Both ends are ours; this only tells a reply from what a broken worker may send. */
export function isReply(message: unknown): message is Reply {
  return typeof message === 'object' && message !== null && 'id' in message && 'kind' in message;
}
