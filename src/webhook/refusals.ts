import type { FieldError } from '../api/parse.ts';
import { GROUP } from '../api/v1alpha1/group.ts';
import type { StatusResult } from './admission.ts';

/** Causes that are told; a request can have thousands of wrong fields. */
const MAX_CAUSES = 32;

type Status = Omit<StatusResult, 'status'>;

const about = (name: string) => ({
  group: GROUP,
  kind: 'CodeExecutionRequest',
  ...(name === '' ? {} : { name }),
});

/** 422 with a cause for each field. Clients such as kubectl print the causes, others the message: both say all. */
export function invalid(name: string, errors: readonly FieldError[]): Status {
  const told = errors.slice(0, MAX_CAUSES);
  const causes = told.map(({ path, message }) => ({ reason: 'FieldValueInvalid', field: path, message }));
  return {
    code: 422,
    reason: 'Invalid',
    message: told.map(({ message }) => message).join(' '),
    details: { ...about(name), causes },
  };
}

/** 403 for a program that a policy wants refused rather than stored. */
export const rejected = (name: string, lines: readonly string[]): Status => ({
  code: 403,
  reason: 'Forbidden',
  message: lines.join('\n'),
  details: about(name),
});
