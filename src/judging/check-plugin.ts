import { parsePlugin } from '../api/parse.ts';
import type { FieldError } from '../api/parse.ts';
import { pluginErrors } from '../gateway/plugin-errors.ts';

/** A Plugin of unknown making → every reason why it could not be called as it says; none when it can. */
export function checkPlugin(object: unknown): readonly FieldError[] {
  const parsed = parsePlugin(object);
  const errors = parsed.ok ? pluginErrors(parsed.value) : parsed.errors;
  return errors.map(({ path, message }) => ({ path, message: `${path}: ${message}.` }));
}
