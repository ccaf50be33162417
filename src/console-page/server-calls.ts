import type { Changes, Decision, Failure, Pending, Session, Shown } from '../console/contract.ts';
import type { PageLocale } from './words.ts';

/** The server said no, or could not be reached. */
export class CallError extends Error {
  readonly kind: Failure['kind'];

  constructor({ kind, message }: Failure) {
    super(message);
    this.name = 'CallError';
    this.kind = kind;
  }
}

/** What is to be told of anything that was thrown. */
export const failureOf = (error: unknown): Failure =>
  error instanceof CallError ? { kind: error.kind, message: error.message } : UNREACHABLE;

/** Whether the same question may be answered in a moment. */
export const isPassing = ({ kind }: Pick<Failure, 'kind'>): boolean =>
  kind === 'Unreachable' || kind === 'TooMany';

/** What `fetch` throws is a network that fails, or a call that was called off. */
const UNREACHABLE: Failure = { kind: 'Unreachable', message: '' };
const CALL_MILLISECONDS = 30_000;

/** The token lives in this tab: no cookie, nothing that another site could make the browser send. */
const STORED = 'sekisho-token';
export const tokenStore = {
  read: (): string => sessionStorage.getItem(STORED) ?? '',
  keep: (token: string): void => sessionStorage.setItem(STORED, token),
  forget: (): void => sessionStorage.removeItem(STORED),
};

/** Without a token of ours, a proxy in front of the server may bring one. */
const headersOf = (token: string): Record<string, string> =>
  token === '' ? {} : { authorization: `Bearer ${token}` };

async function failureIn(response: Response): Promise<Failure> {
  try {
    return (await response.json()) as Failure;
  } catch {
    return UNREACHABLE;
  }
}

/** Calls our own server; throws a {@link CallError} for all that is no success. */
export async function call(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = {
    ...headersOf(tokenStore.read()),
    ...(init.headers as Record<string, string> | undefined),
  };
  let response: Response;
  try {
    response = await fetch(path, { ...init, headers, credentials: 'same-origin', redirect: 'error' });
  } catch {
    throw new CallError(UNREACHABLE);
  }
  if (!response.ok) throw new CallError(await failureIn(response));
  return response;
}

const read = async <T>(path: string): Promise<T> =>
  (await (await call(path, { signal: AbortSignal.timeout(CALL_MILLISECONDS) })).json()) as T;

export const queryOf = (given: Readonly<Record<string, string>>): string =>
  new URLSearchParams(Object.entries(given).filter(([, value]) => value !== '')).toString();

const pathOf = (namespace: string, name: string): string =>
  `/api/requests/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`;

export const fetchSession = (): Promise<Session> => read('/api/session');
export const fetchPending = (namespace: string): Promise<Pending> =>
  read(`/api/pending?${queryOf({ namespace })}`);
export const fetchShown = (namespace: string, name: string, locale: PageLocale): Promise<Shown> =>
  read(`${pathOf(namespace, name)}?${queryOf({ locale })}`);

export const fetchChanges = (namespace: string, name: string, locale: PageLocale): Promise<Changes> =>
  read(`${pathOf(namespace, name)}/changes?${queryOf({ locale })}`);

export async function sendDecision({ namespace, name }: Shown, decision: Decision): Promise<void> {
  await call(`${pathOf(namespace, name)}/decision`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(decision),
    signal: AbortSignal.timeout(CALL_MILLISECONDS),
  });
}
