import type { Answered, Identified, WithCredential } from '../call.ts';
import { UpstreamFailure } from '../upstream/failure.ts';
import { go, inTime, refuse } from './stage.ts';
import type { Outcome, Stage } from './stage.ts';

/** The secret of the upstream is at hand, before anything is spent or recorded. */
export const fetchCredential: Stage<Identified, WithCredential> = {
  name: 'credential',
  async run(call, { ports }): Promise<Outcome<WithCredential>> {
    const { plugin } = call.granted;
    if (!plugin.spec.upstream.credential) return go({ ...call, credential: undefined });
    return go({ ...call, credential: await inTime(ports.credential(plugin)) });
  },
};

const RETRY_SECONDS = 5;

/** The upstream is asked, within the time of the operation and of the request. */
export const callUpstream: Stage<WithCredential, Answered> = {
  name: 'call',
  asksUpstream: true,
  async run(call, { ports, upstreams }, { answered }): Promise<Outcome<Answered>> {
    const { granted, args, credential, gone, caller } = call;
    const milliseconds = Math.min(granted.operation.timeoutSeconds * 1000, caller.until - ports.now());
    if (milliseconds <= 0) return refuse('RequestEnded');
    try {
      const answer = await upstreams.call({
        ...granted,
        requestUid: caller.request.uid,
        args,
        credential,
        milliseconds,
        gone,
        answered,
      });
      return go({ ...call, answer: answer.value, responseBytes: answer.bytes });
    } catch (error) {
      if (!(error instanceof UpstreamFailure)) throw error;
      return refuse(error.code, error.message, error.code === 'UpstreamBusy' ? RETRY_SECONDS : undefined);
    }
  },
};
