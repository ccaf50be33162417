import { SYSTEM } from './installation.ts';
import { run } from './kubectl.ts';

/** The release with further settings, from the values of the set-up; without any it is as it was. */
export async function release(...settings: readonly string[]): Promise<void> {
  const { code, stderr } = await run(process.env['SEKISHO_HELM'] ?? 'helm', [
    ...['upgrade', 'sekisho', 'helm/sekisho', '--namespace', SYSTEM],
    ...['--values', process.env['SEKISHO_VALUES'] ?? '', '--force-conflicts', '--wait', '--timeout', '2m'],
    ...settings.flatMap((setting) => ['--set', setting]),
  ]);
  if (code !== 0) throw new Error(stderr);
}
