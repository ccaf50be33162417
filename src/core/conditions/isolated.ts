import { defineCondition } from './condition.ts';

export const isolated = defineCondition({
  type: 'Isolated',
  meaning: 'Whether a probe in the shape of the sandbox was seen to reach nothing.',
  reasons: {
    Proven: 'A probe in the same shape was seen to reach nothing.',
    ProbePending: 'The probe that shows whether the network is closed has not ended yet.',
    NetworkOpen:
      'The network plugin does not enforce the deny-all NetworkPolicy: a probe reached an address.',
    PolicyMissing: 'The deny-all NetworkPolicy of the sandbox namespace is missing or was changed.',
    ForeignPolicy: 'Another NetworkPolicy selects the sandboxes and may open them.',
    AdmissionLoosened:
      "Sekisho's own admission configuration was loosened: who asks, who approves and what runs is not guarded as installed.",
    GatewayUnavailable: 'The plugin gateway, which the program may call, has no address yet.',
    IsolationUnavailable: 'The runtime or user namespace that the SandboxClass asks for is not to be had.',
  },
  compute: ({ plan }) => {
    if (plan.kind === 'Start') return { status: 'True', reason: 'Proven' };
    if (plan.kind === 'Hold')
      return { status: 'False', reason: plan.isolation.reason, detail: plan.isolation.message };
    return undefined;
  },
});
