import type { Asked, Authenticated, Credentials } from '../call.ts';
import type { Caller } from '../contract.ts';
import { go, inTime, refuse } from './stage.ts';
import type { Outcome, Refusal, Stage, Works } from './stage.ts';

const TOKEN = /^[\w.~+/=-]{1,8192}$/;

/** Who calls: the same answer for a call and for a list of what could be called. */
export async function callerOf(
  { token, address }: Credentials,
  { ports }: Pick<Works, 'ports'>,
): Promise<{ readonly kind: 'Caller'; readonly caller: Caller } | Refusal> {
  if (token === undefined || !TOKEN.test(token)) return refuse('Unauthenticated');
  const answer = await inTime(ports.authenticate(token, address));
  if (answer.kind === 'Refused') return refuse(answer.code);
  return answer.caller.until > ports.now() ? answer : refuse('RequestEnded');
}

/** The token is that of the pod which calls, and its request has not ended. */
export const authenticate: Stage<Asked, Authenticated> = {
  name: 'authenticate',
  async run(call, works): Promise<Outcome<Authenticated>> {
    const known = await callerOf(call, works);
    return known.kind === 'Caller' ? go({ ...call, caller: known.caller }) : known;
  },
};
