import { parse } from 'unbash';
import type { Document } from '../document.ts';
import type { Part } from '../mixed-scripts.ts';
import { mayMixScripts, mixedOutside } from '../mixed-scripts.ts';
import type { Language } from './language.ts';
import { BashReader } from '../bash/reader.ts';
import { Recorder } from '../program/recorder.ts';

/** Texts and comments, roughly: what stands in them is not looked at for letters that mislead. */
const QUOTED = /(?<=^|[\s;])#[^\n]*|'[^']*'|"(?:\\[^]|[^"\\])*"|\\[^]/g;

const quotedIn = ({ text }: Document): readonly Part[] =>
  [...text.matchAll(QUOTED)].map(({ 0: quoted, index }) => ({ offset: index, end: index + quoted.length }));

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
    if (mayMixScripts(document.text)) recorder.disguised.push(...mixedOutside(document, quotedIn(document)));
    return { ...recorder.program('Bash', document, reading), commands: reader.commands, troubles };
  },
};
