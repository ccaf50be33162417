import { readdirSync, readFileSync } from 'node:fs';
import { LOCAL_CLUSTER } from './installation.ts';

/** Processes of the controller, of which each pod has one. */
export const controllers = () => processesWith('sekisho.mjs\0controller\0');

/** Processes of the local cluster's pods whose command line holds all of the words. The pods run on this machine. */
export function processesWith(...words: readonly string[]): readonly number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .filter((entry) => {
      try {
        const command = readFileSync(`/proc/${entry}/cmdline`, 'utf8');
        if (!words.every((word) => command.includes(word))) return false;
        return readFileSync(`/proc/${entry}/cgroup`, 'utf8').includes(
          `sekisho-cluster-${LOCAL_CLUSTER ?? ''}/`,
        );
      } catch {
        return false;
      }
    })
    .map(Number);
}
