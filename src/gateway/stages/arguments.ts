import type { Json, JsonObject } from '../../core/json/strict-json.ts';
import type { Granted, WithArguments } from '../call.ts';
import { go, refuse } from './stage.ts';
import type { Outcome, Stage } from './stage.ts';

const isObject = (value: Json): value is JsonObject =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** The arguments are read, for the first time: JSON in one reading only, not too large, an object. */
export const readArguments: Stage<Granted, WithArguments> = {
  name: 'arguments',
  async run(call): Promise<Outcome<WithArguments>> {
    const { maxRequestBytes } = call.granted.operation;
    const read = await call.readArguments(maxRequestBytes);
    if (read.kind === 'TooLarge') return refuse('InputTooLarge', `At most ${maxRequestBytes} bytes of JSON.`);
    if (read.kind === 'Bad') return refuse(read.code, read.detail);
    if (!isObject(read.value)) return refuse('InputInvalid', 'The arguments must be a JSON object.');
    return go({ ...call, args: read.value, requestBytes: read.bytes });
  },
};
