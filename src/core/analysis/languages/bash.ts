import { parse } from 'unbash';
import type { Language } from './language.ts';
import { BashReader } from '../bash/reader.ts';
import { Recorder } from '../program/recorder.ts';

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
    const recorder = new Recorder(reading.budget);
    const reader = new BashReader(document, recorder);
    reader.node(script);
    return { ...recorder.program('Bash', document, reading), commands: reader.commands, troubles };
  },
};
