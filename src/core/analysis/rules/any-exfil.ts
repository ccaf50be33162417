import type { Found } from '../rule.ts';
import { defineRule } from '../rule.ts';

const SECRETS = new Set(['ANY-READ-SECRET', 'ANY-ENV-DUMP', 'ANY-K8S-TOKEN']);
const EGRESS = new Set(['PY-NET', 'JS-NET', 'SH-NET', 'SH-DEVTCP']);

/** What was found there is said by another rule, and graded by it. */
const placeOf = ({ span, program }: Found) => ({ span, program });

/**
 * A program that touches credentials, pod secrets or the whole environment, and uses the network as well.
 *
 * Left alone: One API key from the environment beside the network: that is how honest clients work; both are
 * capabilities, and together need approval.
 */
export default defineRule({
  id: 'ANY-EXFIL',
  version: 1,
  title: { en: 'Reads secrets and uses the network', ja: '秘密の読み取りと通信' },
  severity: 'Critical',
  languages: ['Python', 'JavaScript', 'Bash'],
  cwe: [200, 522],
  attack: ['T1041', 'T1048'],
  forbids: {
    en: 'A program that touches credentials, pod secrets or the whole environment, and uses the network as well.',
    ja: '認証情報や環境変数全体を読み、さらにネットワークも使うプログラム。',
  },
  allows: {
    en: 'One API key from the environment beside the network: that is how honest clients work; both are capabilities, and together need approval.',
    ja: 'API キー一つと通信(正当なクライアントの形。どちらも能力として扱い、合わせて承認を求めます)。',
  },
  message: {
    en: 'The program reads secrets and can send them away.',
    ja: '秘密を読み取り、外部へ送信できます。',
  },
  remedy: {
    en: 'Separate what needs secrets from what needs the network.',
    ja: '秘密を扱う処理と通信を分けてください。',
  },
  conclude: (found) =>
    found.some(({ rule }) => SECRETS.has(rule))
      ? found.filter(({ rule }) => EGRESS.has(rule)).map(placeOf)
      : [],
});
