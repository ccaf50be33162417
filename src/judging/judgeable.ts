import { checkInput, parseRequest } from '../api/parse.ts';
import type { CodeExecutionRequest, FieldError } from '../api/parse.ts';
import { fieldSentences } from './field-sentences.ts';
import { fieldsOf } from './fields.ts';

/** A request that can be judged, or every reason why it cannot. */
export type Judgeable =
  | { readonly ok: true; readonly request: CodeExecutionRequest }
  | { readonly ok: false; readonly errors: readonly FieldError[] };

/** Whether a request can be judged at all: its form by the schema, its sizes and texts by `checkInput`. Pure. */
export function judgeable(object: unknown): Judgeable {
  const parsed = parseRequest(object);
  if (!parsed.ok) {
    const sentences = fieldSentences(fieldsOf(object)['spec']);
    return { ok: false, errors: sentences.length > 0 ? sentences : parsed.errors };
  }
  const errors = checkInput(parsed.value.spec);
  return errors.length > 0 ? { ok: false, errors } : { ok: true, request: parsed.value };
}
