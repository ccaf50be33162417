import { destination } from 'pino';

const STDOUT = 1;

/** Writes whole lines to the standard output; each is there when the call comes back, also where the reader is slow. */
export function createLineWriter(): (line: string) => void {
  const stdout = destination({ fd: STDOUT, sync: true });
  return (line) => void stdout.write(`${line}\n`);
}
