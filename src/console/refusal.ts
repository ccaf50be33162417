import { plainly } from '../core/view/hidden.ts';
import { KubeError } from '../kube/errors.ts';
import type { Failure } from './contract.ts';

/** Something that the caller asked for and does not get: HTTP status and why. */
export class Refusal extends Error {
  readonly status: number;
  readonly kind: Failure['kind'];

  constructor(status: number, kind: Failure['kind'], message: string) {
    super(message);
    this.name = 'Refusal';
    this.status = status;
    this.kind = kind;
  }
}

const KINDS: Readonly<Record<number, readonly [number, Failure['kind']]>> = {
  400: [400, 'Invalid'],
  401: [401, 'SignIn'],
  403: [403, 'Forbidden'],
  404: [404, 'NotFound'],
  409: [409, 'Refused'],
  410: [410, 'Gone'],
  413: [413, 'Invalid'],
  422: [422, 'Refused'],
  429: [503, 'Unreachable'],
};

/** Without the call that failed, which is ours to know and not the reader's. */
const saidBy = ({ message }: KubeError): string => message.replace(/^[A-Z]+ \S+: /, '');

/** What the API server answered → what the caller is told. Undefined for what is a mistake of ours. */
export function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return error;
  if (!(error instanceof KubeError)) return undefined;
  const [status, kind] = KINDS[error.status] ?? [502, 'Unreachable'];
  return new Refusal(status, kind, saidBy(error));
}

export const failureOf = ({ kind, message }: Refusal): Failure => ({ kind, message: plainly(message) });
