import { writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';

/** Exit codes, which controller/isolation.ts reads. */
const CLOSED = 0;
const REACHED = 10;
const SHARED_USER_NAMESPACE = 11;

const TRY_MILLISECONDS = 700;
const TRIES = 2;

/** Whether a TCP connection to host:port comes about in time. Whatever else happens (time-out, refusal, no route) is closed. */
function reaches(target: string): Promise<boolean> {
  const colon = target.lastIndexOf(':');
  return new Promise((resolve) => {
    const socket = connect({ host: target.slice(0, colon), port: Number(target.slice(colon + 1)) });
    const answer = (reached: boolean) => {
      socket.destroy();
      resolve(reached);
    };
    socket.setTimeout(TRY_MILLISECONDS, () => answer(false));
    socket.once('connect', () => answer(true));
    socket.once('error', () => answer(false));
  });
}

/** The identity map of the host's own user namespace: it maps all ids onto themselves. */
const isOwnUserNamespace = (): boolean =>
  !/^\s*0\s+0\s+4294967295\s*$/m.test(readFileSync('/proc/self/uid_map', 'utf8'));

/**
 * Tries to leave the sandbox it runs in: connects to addresses that are known to listen, because the controller itself talks
 * to them. Answers with its exit code and, for people, in the termination message.
 */
export async function probe(targets: readonly string[], wantsUserNamespace: boolean): Promise<number> {
  const say = (message: string) => writeFile('/dev/termination-log', message).catch(() => undefined);
  if (wantsUserNamespace && !isOwnUserNamespace()) {
    await say("the pod runs in the node's own user namespace");
    return SHARED_USER_NAMESPACE;
  }
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const answers = await Promise.all(
      targets.map(async (target) => ({ target, reached: await reaches(target) })),
    );
    const reached = answers.filter((answer) => answer.reached).map(({ target }) => target);
    if (reached.length > 0) {
      await say(`Reached: ${reached.join(', ')}.`);
      return REACHED;
    }
  }
  return CLOSED;
}
