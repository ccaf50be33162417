import { namesOf } from '../matching/lists.ts';
import { referencesTo } from '../matching/names.ts';
import { defineRule } from '../rule.ts';

const BINDINGS = namesOf(
  'process.binding process._linkedBinding internalBinding process._rawDebug process.reallyExit',
);

/**
 * process.binding and process._linkedBinding: the way around child_process.
 *
 * Left alone: Everything else of process.
 */
export default defineRule({
  id: 'JS-EXEC-BINDING',
  version: 1,
  title: { en: 'Uses bindings of the engine', ja: '内部バインディングの利用' },
  severity: 'Critical',
  languages: ['JavaScript'],
  cwe: [250],
  attack: ['T1059.007'],
  forbids: {
    en: 'process.binding and process._linkedBinding: the way around child_process.',
    ja: 'process.binding と process._linkedBinding(child_process を迂回する手口)。',
  },
  allows: { en: 'Everything else of process.', ja: 'process のその他の機能。' },
  message: { en: 'The program uses internal bindings of Node.', ja: 'Node の内部バインディングを使います。' },
  remedy: { en: 'Leave it out.', ja: '取り除いてください。' },
  needs: [BINDINGS],
  check: (program) => referencesTo(program, BINDINGS),
});
