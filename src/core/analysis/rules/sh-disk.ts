import { isLike, namesLike } from '../matching/lists.ts';
import { isDevice } from '../matching/paths.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

const TOOLS = namesLike(
  /^(?:mkfs(?:\..*)?|mke2fs|mkswap|wipefs|fdisk|sfdisk|parted|gdisk|sgdisk|blkdiscard|hdparm|cryptsetup|badblocks)$/,
);

/**
 * dd to a device, mkfs, wipefs, fdisk and the like, redirections to a device.
 *
 * Left alone: dd between files; /dev/null and the terminals.
 */
export default defineRule({
  id: 'SH-DISK',
  version: 1,
  title: { en: 'Overwrites disks', ja: 'ディスクの上書き' },
  severity: 'Critical',
  languages: ['Bash'],
  cwe: [73],
  attack: ['T1561'],
  forbids: {
    en: 'dd to a device, mkfs, wipefs, fdisk and the like, redirections to a device.',
    ja: 'デバイスへの dd、mkfs、wipefs、fdisk など、デバイスへのリダイレクト。',
  },
  allows: { en: 'dd between files; /dev/null and the terminals.', ja: 'ファイル間の dd、/dev/null や端末。' },
  message: { en: 'The script overwrites or changes a disk.', ja: 'ディスクを上書きまたは変更します。' },
  remedy: { en: 'Leave it out.', ja: '取り除いてください。' },
  needs: ['paths', TOOLS],
  *check(program): Iterable<Hit> {
    for (const { name, span } of program.commands)
      if (name !== undefined && isLike(name, TOOLS)) yield { span };
    for (const { text, span, redirect, to } of program.paths) {
      const target =
        redirect?.includes('>') === true ? text : to === 'dd' && text.startsWith('of=') ? text.slice(3) : '';
      if (isDevice(target)) yield { span };
    }
  },
});
