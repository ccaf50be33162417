import type { Format } from './format.ts';
import { failureRecord, fullRecord } from './record.ts';

const indented = (value: object): string => JSON.stringify(value, undefined, 2).replaceAll('\n', '\n    ');

/** One document; the programs come first, so that each can be written when it is judged. */
export function json(): Format {
  let separator = '\n    ';
  return {
    begin: () => '{\n  "programs": [',
    one(result) {
      const text = `${separator}${indented(result.kind === 'judged' ? fullRecord(result) : failureRecord(result))}`;
      separator = ',\n    ';
      return text;
    },
    end: (tally) => `\n  ],\n  "summary": ${JSON.stringify(tally)}\n}\n`,
  };
}
