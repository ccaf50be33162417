import { canonicalJson, sha256 } from '../../core/verdict/digest.ts';
import type { JsonObject } from '../../core/json/strict-json.ts';
import { withoutControls } from '../../core/content/control-characters.ts';
import type { Checked, Identified } from '../call.ts';
import { go } from './stage.ts';
import type { Stage } from './stage.ts';

const MAX_SHAPE_KEYS = 32;
const MAX_KEY = 63;

function typeName(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

const shapeOf = (args: JsonObject): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(args)
      .slice(0, MAX_SHAPE_KEYS)
      .map(([key, value]) => [withoutControls(key.slice(0, MAX_KEY)), typeName(value)]),
  );

/** What the record and an approval know of the arguments: their digest and their shape. Nothing changes them after this. */
export const identify: Stage<Checked, Identified> = {
  name: 'identify',
  run(call) {
    const argumentsJson = canonicalJson(call.args);
    const argumentsDigest = `sha256:${sha256(argumentsJson)}`;
    return go({ ...call, argumentsJson, argumentsDigest, shape: shapeOf(call.args) });
  },
};
