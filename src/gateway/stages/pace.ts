import type { Granted } from '../call.ts';
import { go, refuse } from './stage.ts';
import type { Stage } from './stage.ts';

/** Under what one request's calls of one operation are counted. */
const tallyKey = ({ caller, granted: { plugin, operation } }: Granted): string =>
  `${caller.request.uid}/${plugin.metadata.uid}/${operation.name}`;

/** The request does not call too often, and has calls left. */
export const pace: Stage<Granted, Granted> = {
  name: 'pace',
  run(call, { ports, tallies }) {
    const { callsPerMinute, maxCalls } = call.granted.operation;
    const at = { now: ports.now(), until: call.caller.until };
    const wait = tallies.attempt(tallyKey(call), { perMinute: callsPerMinute }, at);
    if (wait > 0) return refuse('RateLimited', `At most ${callsPerMinute} calls in a minute.`, wait);
    if (!tallies.hasLeft(tallyKey(call), { inAll: maxCalls }))
      return refuse('BudgetExhausted', `At most ${maxCalls} calls.`);
    return go(call);
  },
};

/** Takes one of the calls that the request may make in all. */
export const spend = <Known extends Granted>(): Stage<Known, Known> => ({
  name: 'spend',
  run(call, { ports, tallies }) {
    const { maxCalls } = call.granted.operation;
    const at = { now: ports.now(), until: call.caller.until };
    return tallies.spend(tallyKey(call), { inAll: maxCalls }, at)
      ? go(call)
      : refuse('BudgetExhausted', `At most ${maxCalls} calls.`);
  },
});
