import { namesLike, namesOf } from '../matching/lists.ts';
import { callsTo } from '../matching/names.ts';
import type { Call, Program } from '../program/program.ts';
import { textsOf } from '../program/value.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

const SECRET =
  /(?:^|_|\b)(?:API_?KEY|APIKEY|ACCESS_?KEY|PRIVATE_?KEY|SECRET|TOKEN|PASSWORD|PASSWD|PASSPHRASE|CREDENTIALS?|AUTH|PASS|KEY)(?:$|_|\b)/i;
const GETTERS = namesOf('os.getenv os.environ.get os.environ.pop os.environ.setdefault os.getenvb');
const PRINTERS = namesOf('printenv');
const PREFIX = namesLike(/^(?:os\.environ|process\.env)\./);

/** Whether the name stands in the program as it is. */
function isSpelled(program: Program, { span }: Call, name: string): boolean {
  const line = program.document.lines[span.line - 1] ?? '';
  return line.includes(name) || span.line !== span.endLine || program.document.text.includes(name);
}

/**
 * Environment variables whose names speak of keys, tokens, secrets or passwords; High when the name was put together
 * from parts, to hide it.
 *
 * Left alone: Other variables.
 */
export default defineRule({
  id: 'ANY-ENV-SECRET',
  version: 1,
  title: { en: 'Reads a secret from the environment', ja: '環境変数の秘密の参照' },
  severity: 'Medium',
  languages: ['Python', 'JavaScript', 'Bash'],
  cwe: [526],
  attack: ['T1552.007'],
  forbids: {
    en: 'Environment variables whose names speak of keys, tokens, secrets or passwords; High when the name was put together from parts, to hide it.',
    ja: 'KEY、TOKEN、SECRET、PASSWORD などの名の環境変数。名前が部品から組み立てられていれば High。',
  },
  allows: { en: 'Other variables.', ja: 'その他の変数。' },
  message: { en: 'The program reads a secret from the environment.', ja: '環境変数から秘密を読み取ります。' },
  remedy: {
    en: 'Let a plugin do what needs the secret.',
    ja: '秘密が必要な処理はプラグインに任せてください。',
  },
  needs: [GETTERS, PREFIX, PRINTERS],
  *check(program): Iterable<Hit> {
    for (const call of callsTo(program, GETTERS)) {
      const name = call.args
        .slice(0, 1)
        .flatMap((arg) => [...textsOf(arg)])
        .find((text) => SECRET.test(text));
      if (name !== undefined)
        yield { span: call.span, severity: isSpelled(program, call, name) ? 'Medium' : 'High' };
    }
    for (const { name, span } of program.references) {
      if (PREFIX.test(name) && SECRET.test(name.replace(PREFIX, ''))) yield { span };
    }
    for (const { name, args, span } of program.commands) {
      if (name === 'printenv' && args.some((arg) => textsOf(arg).some((text) => SECRET.test(text))))
        yield { span };
    }
  },
});
