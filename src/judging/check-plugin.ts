import { parsePlugin } from '../api/parse.ts';
import type { FieldError } from '../api/parse.ts';
import { inconsistencies } from '../core/plugins/consistency.ts';
import { schemaErrors } from '../gateway/schemas/index.ts';

/** A Plugin of unknown making → every reason why it could not be called as it says; none when it can. */
export function checkPlugin(object: unknown): readonly FieldError[] {
  const parsed = parsePlugin(object);
  if (!parsed.ok)
    return parsed.errors.map(({ path, message }) => ({ path, message: `${path}: ${message}.` }));
  return [...inconsistencies(parsed.value), ...schemaErrors(parsed.value)];
}
