import { callDigest } from '../../core/plugins/call-digest.ts';
import { revisionOf } from '../../core/plugins/grants.ts';
import type { Identified } from '../call.ts';
import { go, inTime, refuse } from './stage.ts';
import type { Outcome, Stage } from './stage.ts';

const RETRY_SECONDS = 5;

const digestOfCall = ({ caller, granted: { plugin, operation }, argumentsJson }: Identified): string =>
  callDigest({
    requestUid: caller.request.uid,
    pluginUid: plugin.metadata.uid,
    revision: revisionOf(plugin),
    operation: operation.name,
    argumentsJson,
  });

/** Where each single call needs a person, a person has approved exactly this one, and it was not made before. */
export const approval = <Known extends Identified>(): Stage<Known, Known> => ({
  name: 'approval',
  async run(call, { ports }): Promise<Outcome<Known>> {
    const { plugin, operation } = call.granted;
    if (operation.risk !== 'Critical') return go(call);
    const { caller, argumentsJson } = call;
    const digest = digestOfCall(call);
    const answer = await inTime(ports.approval({ caller, plugin, operation, argumentsJson, digest }));
    switch (answer) {
      case 'Given':
        return go(call);
      case 'Waiting':
        return { kind: 'Wait', digest, retryAfterSeconds: RETRY_SECONDS };
      case 'Denied':
        return refuse('ApprovalDenied');
      case 'Used':
        return refuse('ApprovalUsed', 'An approval is good for one call; change the arguments or ask again.');
      default:
        throw new Error('an answer that approvals do not have');
    }
  },
});
