import { isMetadataHost } from '../matching/hosts.ts';
import { defineRule } from '../rule.ts';

/**
 * The addresses of metadata services (169.254.169.254 and others) in dotted, decimal, hexadecimal, octal and IPv6 form,
 * handed to anything that may connect.
 *
 * Left alone: The address in a text that is only shown.
 */
export default defineRule({
  id: 'ANY-META-IP',
  version: 1,
  title: { en: 'Asks the cloud metadata service', ja: 'クラウドのメタデータサービスへの接続' },
  severity: 'Critical',
  languages: ['Python', 'JavaScript', 'Bash'],
  cwe: [918],
  attack: ['T1552.005'],
  forbids: {
    en: 'The addresses of metadata services (169.254.169.254 and others) in dotted, decimal, hexadecimal, octal and IPv6 form, handed to anything that may connect.',
    ja: 'メタデータサービスのアドレス(169.254.169.254 など。十進、十六進、八進、IPv6 表記を含む)を接続に使うこと。',
  },
  allows: { en: 'The address in a text that is only shown.', ja: '表示されるだけの文字列の中のアドレス。' },
  message: {
    en: 'The program asks the metadata service, which gives out the credentials of the machine.',
    ja: 'マシンの認証情報を渡すメタデータサービスに接続します。',
  },
  remedy: { en: 'Leave it out: no program in the sandbox has business there.', ja: '取り除いてください。' },
  needs: ['addresses'],
  check: ({ addresses }) => addresses.filter(({ host }) => isMetadataHost(host)),
});
