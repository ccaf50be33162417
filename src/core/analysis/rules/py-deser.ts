import { namesOf } from '../matching/lists.ts';
import { callsTo, referencesTo } from '../matching/names.ts';
import type { Call } from '../program/program.ts';
import { textsOf, truthOf, UNKNOWN } from '../program/value.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

const LOADERS = namesOf(
  'pickle.load pickle.loads pickle.Unpickler dill.load dill.loads shelve.open marshal.load marshal.loads jsonpickle.decode joblib.load torch.load cloudpickle.load cloudpickle.loads pandas.read_pickle yaml.load yaml.load_all yaml.unsafe_load yaml.full_load',
);
const GADGET =
  /(?:^|\n)c(?:os|posix|nt|subprocess|builtins|__builtin__|sys|socket)\n|\x8c.(?:os|posix|subprocess|builtins)|!!python\//;

const isSafe = ({ name, args, keywords }: Call): boolean => {
  if (name === 'torch.load') return truthOf(keywords.get('weights_only') ?? UNKNOWN) === true;
  const loader = keywords.get('Loader') ?? args[1];
  return (
    name?.startsWith('yaml.load') === true &&
    loader?.kind === 'ref' &&
    /(?:Safe|Base)Loader$/.test(loader.name)
  );
};

/**
 * pickle, dill, shelve, marshal, jsonpickle, yaml.load without a safe loader, joblib, torch.load of more than weights. High when the
 * data is there and names a system function.
 *
 * Left alone: json, yaml.safe_load, pickle.dumps, torch.load with weights_only.
 */
export default defineRule({
  id: 'PY-DESER',
  version: 2,
  title: { en: 'Loads objects that can run code', ja: 'コードを実行し得るデータの読み込み' },
  severity: 'Medium',
  languages: ['Python'],
  cwe: [502],
  attack: ['T1059.006'],
  forbids: {
    en: 'pickle, dill, shelve, marshal, jsonpickle, yaml.load without a safe loader, joblib, torch.load of more than weights. High when the data is there and names a system function.',
    ja: 'pickle、dill、shelve、marshal、安全でない yaml.load、joblib、torch.load など。データがシステム関数を指すなら High。',
  },
  allows: {
    en: 'json, yaml.safe_load, pickle.dumps, torch.load with weights_only.',
    ja: 'json、yaml.safe_load、pickle.dumps、weights_only の torch.load。',
  },
  message: {
    en: 'The program loads data that can run code.',
    ja: 'コードを実行し得るデータを読み込みます。',
  },
  remedy: { en: 'Use JSON.', ja: 'JSON を使ってください。' },
  needs: [LOADERS],
  *check(program): Iterable<Hit> {
    const calls = callsTo(program, LOADERS).filter((call) => !isSafe(call));
    for (const { args, span } of calls) {
      const gadget = args.some((arg) => textsOf(arg).some((text) => GADGET.test(text)));
      yield { span, severity: gadget ? 'High' : 'Medium' };
    }
    const called = new Set(program.calls.map(({ span }) => `${span.line}:${span.column}`));
    for (const { span, via } of referencesTo(program, LOADERS))
      if (via === 'dynamic' || (via === 'direct' && !called.has(`${span.line}:${span.column}`)))
        yield { span };
  },
});
