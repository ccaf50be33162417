import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import type { Usage } from './reporting.ts';

export interface BenchProcess {
  readonly ports: readonly number[];
  readonly usage: () => Promise<Usage>;
  readonly stop: () => void;
}

function nextMessage(child: ChildProcess): Promise<unknown> {
  return new Promise((done, fail) => {
    const ended = (): void => fail(new Error('a process of the bench ended'));
    child.once('exit', ended);
    child.once('message', (message) => {
      child.off('exit', ended);
      done(message);
    });
  });
}

/** Starts a file as a process of its own and waits until it listens. */
export async function begin(path: string, args: readonly (string | number)[] = []): Promise<BenchProcess> {
  const child = fork(path, args.map(String), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const ports = (await nextMessage(child)) as readonly number[];
  return {
    ports,
    usage: async () => {
      const answer = nextMessage(child);
      child.send('usage');
      return (await answer) as Usage;
    },
    stop: () => child.disconnect(),
  };
}
