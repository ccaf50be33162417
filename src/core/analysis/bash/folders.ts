import { MAXIMUM_FOLDER } from '../matching/paths.ts';
import type { Command } from '../program/program.ts';
import { wholeTextOf } from '../program/value.ts';

/** The folder in which the script is after a command: where `cd` went, if that is known, or else where it was. */
export function folderAfter({ name, args, folder, wrappers }: Command): string {
  if (name === 'popd') return '';
  if ((name !== 'cd' && name !== 'pushd') || wrappers.length > 0) return folder;
  const target = args.find((arg) => !/^-./.test(wholeTextOf(arg) ?? ''));
  if (!target) return name === 'cd' ? '~' : '';
  const path = wholeTextOf(target);
  if (path === undefined || path === '-' || path.length > MAXIMUM_FOLDER) return '';
  const there = /^[/~]/.test(path) || folder === '' ? path : `${folder}/${path}`;
  return there.length > MAXIMUM_FOLDER ? '' : there;
}
