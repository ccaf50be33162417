import { expect, test } from '@jest/globals';
import type { V1NetworkPolicy } from '@kubernetes/client-node';
import { policyFault } from '../../src/controller/sandbox-policy.ts';

const policy = (name: string, spec: object = {}): V1NetworkPolicy => ({
  metadata: { name },
  spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'], ...spec },
});
const denyAll = policy('deny-all');

test.each([
  ['the one deny-all policy', [denyAll], undefined],
  [
    'empty lists in it',
    [policy('deny-all', { ingress: [], egress: [], podSelector: { matchLabels: {} } })],
    undefined,
  ],
  ['no policy', [], 'PolicyMissing'],
  ['a policy of another name', [policy('deny')], 'PolicyMissing'],
  [
    'one that selects some pods',
    [policy('deny-all', { podSelector: { matchLabels: { a: 'b' } } })],
    'PolicyMissing',
  ],
  [
    'one that selects by expression',
    [policy('deny-all', { podSelector: { matchExpressions: [{ key: 'a', operator: 'Exists' }] } })],
    'PolicyMissing',
  ],
  ['one for ingress alone', [policy('deny-all', { policyTypes: ['Ingress'] })], 'PolicyMissing'],
  ['one for egress alone', [policy('deny-all', { policyTypes: ['Egress'] })], 'PolicyMissing'],
  ['one without types', [policy('deny-all', { policyTypes: undefined })], 'PolicyMissing'],
  ['one that lets something out', [policy('deny-all', { egress: [{}] })], 'PolicyMissing'],
  ['one that lets something in', [policy('deny-all', { ingress: [{}] })], 'PolicyMissing'],
  ['one without a spec', [{ metadata: { name: 'deny-all' } }], 'PolicyMissing'],
  ['another policy beside it', [denyAll, policy('open', { egress: [{}] })], 'ForeignPolicy'],
  ['a foreign policy that allows nothing', [policy('other'), denyAll], 'ForeignPolicy'],
])('with %s the fault is as told', (_title, policies, reason) => {
  expect(policyFault(policies, { namespace: 'sandboxes', gatewayNamespace: undefined })?.reason).toBe(reason);
});

const place = { namespace: 'sandboxes', gatewayNamespace: 'system' };
const toGateway = (spec: object = {}, peer: object = {}, port: object = {}): V1NetworkPolicy => ({
  metadata: { name: 'to-gateway' },
  spec: {
    podSelector: { matchLabels: { 'sekisho.dev/plugins': 'granted' } },
    policyTypes: ['Egress'],
    egress: [
      {
        to: [
          {
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'system' } },
            podSelector: {
              matchLabels: { 'app.kubernetes.io/name': 'sekisho', 'app.kubernetes.io/component': 'gateway' },
            },
            ...peer,
          },
        ],
        ports: [{ protocol: 'TCP', port: 8080, ...port }],
      },
    ],
    ...spec,
  },
});

test('takes the way to the gateway where there is one', () => {
  expect(policyFault([denyAll, toGateway()], place)).toBeUndefined();
  expect(policyFault([denyAll, toGateway()], { ...place, gatewayNamespace: undefined })?.reason).toBe(
    'ForeignPolicy',
  );
});

test.each([
  ['all pods', toGateway({ podSelector: {} })],
  ['ingress too', toGateway({ policyTypes: ['Ingress', 'Egress'] })],
  [
    'another namespace',
    toGateway({}, { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'x' } } }),
  ],
  ['any namespace', toGateway({}, { namespaceSelector: {} })],
  ['any pod there', toGateway({}, { podSelector: {} })],
  ['an address', toGateway({}, { ipBlock: { cidr: '0.0.0.0/0' } })],
  ['another port', toGateway({}, {}, { port: 8081 })],
  ['ports up to another', toGateway({}, {}, { endPort: 9000 })],
  ['everything', toGateway({ egress: [{}] })],
])('a way to the gateway that opens %s is foreign', (_title, way) => {
  expect(policyFault([denyAll, way], place)?.reason).toBe('ForeignPolicy');
});

test('names what is to be removed', () => {
  expect(policyFault([policy('z'), denyAll, policy('a')], place)?.message).toBe(
    'Remove from namespace sandboxes: a, z.',
  );
});
