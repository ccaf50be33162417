import { isRepeated } from '../matching/names.ts';
import { isAnyOfHome, isSystemPath, normalised } from '../matching/paths.ts';
import { writtenPaths } from '../matching/writing.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

const HOME = /^(?:~|\/home\/|\/root\/)/;

const isOverwritten = (path: string): boolean => isSystemPath(path) && !HOME.test(normalised(path));

/**
 * Writing, copying or opening for writing below /etc, /usr, /bin, /lib, /boot, /proc, /sys and devices; writing, again and
 * again, to whatever lies in a home.
 *
 * Left alone: /dev/null and the terminals, /tmp, relative paths.
 */
export default defineRule({
  id: 'ANY-OVERWRITE-SYS',
  version: 2,
  title: { en: 'Writes into system folders', ja: 'システムフォルダーへの書き込み' },
  severity: 'High',
  languages: ['Python', 'JavaScript', 'Bash'],
  cwe: [73],
  attack: ['T1565.001'],
  forbids: {
    en: 'Writing, copying or opening for writing below /etc, /usr, /bin, /lib, /boot, /proc, /sys and devices; writing, again and again, to whatever lies in a home.',
    ja: '/etc、/usr、/bin、/lib、/boot、/proc、/sys、デバイスへの書き込み。ホームの中の任意のファイルへの繰り返しの書き込み。',
  },
  allows: {
    en: '/dev/null and the terminals, /tmp, relative paths.',
    ja: '/dev/null や端末、/tmp、相対パス。',
  },
  message: { en: 'The program writes into a system folder.', ja: 'システムフォルダーに書き込みます。' },
  remedy: { en: 'Write to a relative path.', ja: '相対パスに書いてください。' },
  needs: ['paths'],
  *check(program): Iterable<Hit> {
    yield* writtenPaths(program, isOverwritten);
    for (const { call, span } of writtenPaths(program, isAnyOfHome))
      if (call && isRepeated(program, call)) yield { span };
  },
});
