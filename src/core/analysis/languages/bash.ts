import { parse } from 'unbash';
import type { Language } from './language.ts';
import { emptyProgram } from './language.ts';

export const bash: Language = {
  name: 'Bash',
  family: 'Bash',
  extensions: ['sh', 'bash'],
  interpreters: ['bash', 'sh', 'dash', 'ash'],
  read(document, reading) {
    const script = parse(document.text);
    const troubles = (script.errors ?? []).map(({ message, pos }) => {
      const span = document.spanAt(pos, pos + 1);
      return {
        kind: 'syntax' as const,
        message: {
          en: `The script does not parse: ${message}.`,
          ja: `スクリプトを構文解析できません: ${message}`,
        },
        span,
      };
    });
    return { ...emptyProgram('Bash', document, reading), troubles };
  },
};
