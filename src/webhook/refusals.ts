import type { FieldError } from '../api/parse.ts';
import { GROUP } from '../api/v1alpha1/group.ts';
import type { StatusResult } from './admission.ts';

/** Causes that are told; a request can have thousands of wrong fields. */
const MAX_CAUSES = 32;

type Status = Omit<StatusResult, 'status'>;

type Kind = 'CodeExecutionRequest' | 'ExecutionApproval' | 'ExecutionPolicy' | 'Plugin';

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

/** 403 for a person who may not decide. */
export const forbidden = (kind: Kind, name: string, message: string): Status => ({
  code: 403,
  reason: 'Forbidden',
  message,
  details: about(kind, name),
});

/** 403 for a program that a policy wants refused rather than stored. */
export const rejected = (name: string, lines: readonly string[]): Status =>
  forbidden('CodeExecutionRequest', name, lines.join('\n'));
