import type { Format } from './format.ts';
import { failureRecord, shortRecord } from './record.ts';

/** One line of JSON for each program. */
export const jsonl = (): Format => ({
  begin: () => '',
  one: (result) =>
    `${JSON.stringify(result.kind === 'judged' ? shortRecord(result) : failureRecord(result))}\n`,
  end: () => '',
});
