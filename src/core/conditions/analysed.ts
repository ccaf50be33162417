import { defineCondition } from './condition.ts';

export const analysed = defineCondition({
  type: 'Analysed',
  meaning: 'Whether the program was read to its end and judged.',
  reasons: {
    Analysed: 'The program was read to its end; the findings are in status.verdict.',
    NotParsed: 'The program could not be read to its end and is therefore denied.',
  },
  compute: ({ seen: { judgement } }) => {
    if (!judgement) return undefined;
    const unread = judgement.verdict.reasons?.some(({ reason }) => reason === 'CodeNotParsed');
    return unread ? { status: 'False', reason: 'NotParsed' } : { status: 'True', reason: 'Analysed' };
  },
});
