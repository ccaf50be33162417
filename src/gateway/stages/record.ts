import type { Asked, Cleaned, Credentials, WithCredential } from '../call.ts';
import type { CallEvent } from '../contract.ts';
import type { RefusalCode } from '../refusal.ts';
import { go, refuse } from './stage.ts';
import type { Stage } from './stage.ts';

/** What is known of everything that comes in, calls and else. */
type Arrived = Credentials & Pick<Asked, 'startedAt'>;

/** What the record may know of a call, as far as the call got. */
export type KnownSoFar = Arrived & Partial<Omit<Cleaned, keyof Arrived>>;

const MAX_NAME = 64;

/** Names of things that do not exist are the caller's words. */
const printable = (name: string): string => name.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, MAX_NAME);

type Ending =
  { readonly outcome: 'About' | 'Done' } | { readonly outcome: 'Refused'; readonly code: RefusalCode };

/** What the call was for: names, or how what stood in their place looked. */
function soughtOf({ sought }: KnownSoFar): Pick<CallEvent, 'plugin' | 'operation' | 'unread'> {
  if (sought?.kind === 'Operation')
    return { plugin: printable(sought.plugin), operation: printable(sought.operation) };
  return sought?.unread ? { unread: sought.unread } : {};
}

/** Those that are known, under their names. */
const known = ({ shape, argumentsDigest, requestBytes, responseBytes, redacted }: KnownSoFar) => ({
  ...(shape === undefined ? {} : { shape }),
  ...(argumentsDigest === undefined ? {} : { argumentsDigest }),
  ...(requestBytes === undefined ? {} : { requestBytes }),
  ...(responseBytes === undefined ? {} : { responseBytes }),
  ...(redacted === undefined ? {} : { redacted }),
});

/** The line of the record; what is not known yet is left out. */
export function eventOf(call: KnownSoFar, ending: Ending, now: number): CallEvent {
  return {
    caller: call.caller,
    ...(call.caller ? {} : { address: call.address }),
    ...soughtOf(call),
    ...ending,
    ...known(call),
    ...(ending.outcome === 'About' ? {} : { milliseconds: Math.max(0, now - call.startedAt) }),
  };
}

/** That the upstream is about to hear of the call is on record. What cannot be recorded is not done. */
export const recordAbout: Stage<WithCredential, WithCredential> = {
  name: 'record-about',
  run(call, { ports }) {
    ports.record(eventOf(call, { outcome: 'About' }, ports.now()));
    return go(call);
  },
};

/** The request has still not ended, and what is answered is on record. */
export const recordDone: Stage<Cleaned, Cleaned> = {
  name: 'record-done',
  run(call, { ports }) {
    const now = ports.now();
    if (call.caller.until <= now) return refuse('RequestEnded');
    ports.record(eventOf(call, { outcome: 'Done' }, now));
    return go(call);
  },
};
