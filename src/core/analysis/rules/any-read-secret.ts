import { namesOf } from '../matching/lists.ts';
import { callsTo } from '../matching/names.ts';
import { isSecretPath, normalised } from '../matching/paths.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

/** Names of files that are looked for because of the keys in them. */
const SOUGHT =
  /^(?:\*?\.?(?:pem|kdbx|keystore|jks|p12|pfx|ppk|ovpn)\*?|\*\.key|\*?id_(?:rsa|dsa|ecdsa|ed25519)\*?|\.?(?:netrc|pgpass|git-credentials|aws|ssh|kube|gnupg|htpasswd)|g?shadow|credentials|wallet\.dat|\*?password\*?|\*?secret\*?)$/i;

const SEEKERS = namesOf('getent find');

/** Functions that hand out credentials which others stored. */
const KEEPERS = namesOf(
  'netrc.netrc keyring.get_password keyring.get_credential secretstorage.get_default_collection browser_cookie3.* browsercookie.* win32crypt.CryptUnprotectData boto3.Session().get_credentials boto3.session.Session().get_credentials botocore.session.get_session().get_credentials keytar.getPassword keytar.findCredentials',
);

/** Files that are sought by a pattern, anywhere in a home or the system. */
function isSought(text: string): boolean {
  const base = text.slice(text.lastIndexOf('/') + 1);
  return (
    base.includes('*') &&
    SOUGHT.test(base) &&
    /^[/~]/.test(text) &&
    !normalised(text).startsWith('/etc/ssl/certs/')
  );
}

/** Without what stands before a path in one word: dd's if=, curl's @ and name=@, options. */
const bare = (text: string): string => text.replace(/^(?:if=|[\w.-]{0,64}=?[@<]|-[a-zA-Z]+=)/, '');

/**
 * Paths of credentials handed to anything that may open them: /etc/shadow, passwd, sudoers, .ssh, .aws, .kube, .netrc,
 * .docker, what browsers and wallets keep, /proc/…/environ and mem; also put together from parts, in ~ form or by a pattern;
 * functions of libraries that hand out stored credentials.
 *
 * Left alone: The same paths in texts that are only shown, logged or searched for.
 */
export default defineRule({
  id: 'ANY-READ-SECRET',
  version: 3,
  title: { en: 'Touches files with credentials', ja: '認証情報ファイルへのアクセス' },
  severity: 'Critical',
  languages: ['Python', 'JavaScript', 'Bash'],
  cwe: [522],
  attack: ['T1552.001', 'T1003.008'],
  forbids: {
    en: 'Paths of credentials handed to anything that may open them: /etc/shadow, passwd, sudoers, .ssh, .aws, .kube, .netrc, .docker, what browsers and wallets keep, /proc/*/environ and mem; also put together from parts, in ~ form or by a pattern; functions of libraries that hand out stored credentials.',
    ja: '/etc/shadow、passwd、sudoers、.ssh、.aws、.kube、.netrc、ブラウザーやウォレットの保存データ、/proc/*/environ などのパスを開くもの(分割や ~、ワイルドカードを含む)。保存された認証情報を渡すライブラリーの関数。',
  },
  allows: {
    en: 'The same paths in texts that are only shown, logged or searched for.',
    ja: '表示、ログ、検索だけの文字列の中のパス。',
  },
  message: {
    en: 'The program touches a file with credentials.',
    ja: '認証情報を含むファイルにアクセスします。',
  },
  remedy: {
    en: 'Let a plugin do what needs credentials.',
    ja: '認証情報が必要な処理はプラグインに任せてください。',
  },
  needs: ['paths', SEEKERS, KEEPERS],
  *check(program): Iterable<Hit> {
    for (const { text, span } of program.paths)
      if (isSecretPath(bare(text)) || isSought(text)) yield { span };
    for (const { span } of callsTo(program, KEEPERS)) yield { span };
    for (const { name, words, span } of program.commands) {
      if (name === 'getent' && /^g?shadow$/.test(words[0] ?? '')) yield { span };
      if (
        name === 'find' &&
        words.some((word, index) => /^-i?name$/.test(word) && SOUGHT.test(words[index + 1] ?? ''))
      )
        yield { span };
    }
  },
});
