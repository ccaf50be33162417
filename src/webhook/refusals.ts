import { checkInput, parseRequest } from '../api/parse.ts';
import type { CodeExecutionRequest, FieldError } from '../api/parse.ts';
import { GROUP } from '../api/v1alpha1/group.ts';
import type { StatusResult } from './admission.ts';
import { fieldsOf } from './fields.ts';
import { fieldSentences } from './field-sentences.ts';

/** Causes that are told; a request can have thousands of wrong fields. */
const MAX_CAUSES = 32;

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

type Status = Omit<StatusResult, 'status'>;

type Kind = 'CodeExecutionRequest' | 'ExecutionPolicy';

const about = (kind: Kind, name: string) => ({
  group: GROUP,
  kind,
  ...(name === '' ? {} : { name }),
});

/** 422 with a cause for each field. Clients such as kubectl print the causes, others the message: both say all. */
export function invalid(kind: Kind, name: string, errors: readonly FieldError[]): Status {
  const told = errors.slice(0, MAX_CAUSES);
  const causes = told.map(({ path, message }) => ({ reason: 'FieldValueInvalid', field: path, message }));
  return {
    code: 422,
    reason: 'Invalid',
    message: told.map(({ message }) => message).join(' '),
    details: { ...about(kind, name), causes },
  };
}

/** 403 for a program that a policy wants refused rather than stored. */
export const rejected = (name: string, lines: readonly string[]): Status => ({
  code: 403,
  reason: 'Forbidden',
  message: lines.join('\n'),
  details: about('CodeExecutionRequest', name),
});
