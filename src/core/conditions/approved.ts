import { defineCondition } from './condition.ts';

export const approved = defineCondition({
  type: 'Approved',
  meaning: 'Whether the run is approved, by policy or by a person.',
  reasons: {
    NotRequired: 'Role and policy ask for no approval.',
    AwaitingApproval: 'A person must approve before the program runs.',
    Denied: 'The program is denied; approval cannot change that.',
  },
  compute: ({ seen: { judgement } }) => {
    switch (judgement?.verdict.decision) {
      case 'Allow':
        return { status: 'True', reason: 'NotRequired' };
      case 'RequireApproval':
        return {
          status: 'Unknown',
          reason: 'AwaitingApproval',
          detail: judgement.verdict.reasons?.map(({ message }) => message).join(' '),
        };
      case 'Deny':
        return { status: 'False', reason: 'Denied' };
      case undefined:
        return undefined;
    }
  },
});
