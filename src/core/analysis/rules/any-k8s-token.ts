import { isPodSecretPath } from '../matching/paths.ts';
import { defineRule } from '../rule.ts';

/**
 * Paths below /var/run/secrets and /run/secrets, also put together from parts.
 *
 * Left alone: The paths in texts that are only shown.
 */
export default defineRule({
  id: 'ANY-K8S-TOKEN',
  version: 1,
  title: { en: 'Touches the secrets of the pod', ja: 'Pod の秘密へのアクセス' },
  severity: 'Critical',
  languages: ['Python', 'JavaScript', 'Bash'],
  cwe: [522],
  attack: ['T1528', 'T1552.007'],
  forbids: {
    en: 'Paths below /var/run/secrets and /run/secrets, also put together from parts.',
    ja: '/var/run/secrets と /run/secrets の下のパス(分割を含む)。',
  },
  allows: { en: 'The paths in texts that are only shown.', ja: '表示されるだけの文字列。' },
  message: {
    en: 'The program touches the service-account token or other secrets of the pod.',
    ja: 'サービスアカウントのトークンなど Pod の秘密にアクセスします。',
  },
  remedy: {
    en: 'Leave it out: the sandbox has none.',
    ja: '取り除いてください(サンドボックスにはありません)。',
  },
  needs: ['paths'],
  check: ({ paths }) => paths.filter(({ text }) => isPodSecretPath(text)),
});
