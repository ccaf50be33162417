import { sentenceOf } from '../verdict/reasons.ts';
import { defineCondition } from './condition.ts';

export const authorized = defineCondition({
  type: 'Authorized',
  meaning: 'Whether the requester holds the role, and the role allows what is asked.',
  reasons: {
    RoleHeld: 'The requester holds the role, and the role allows what is asked.',
    NotAllowed: 'The requester may not have this.',
  },
  compute: ({ seen: { judgement, request } }) => {
    if (!judgement) return undefined;
    const { unauthorized } = judgement;
    if (unauthorized.length === 0) return { status: 'True', reason: 'RoleHeld' };
    return {
      status: 'False',
      reason: 'NotAllowed',
      detail: unauthorized.map((objection) => sentenceOf(objection, request.spec.locale)).join(' '),
    };
  },
});
