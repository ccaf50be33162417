import { describe, expect, test } from '@jest/globals';
import * as yaml from 'js-yaml';
import { readFileSync } from 'node:fs';
import { admissionFault } from '../../src/controller/admission-guard.ts';
import type { AdmissionConfiguration } from '../../src/controller/admission-guard.ts';

type Node = Record<string, unknown>;
interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

/** What the chart renders. */
const installed = (): AdmissionConfiguration => {
  const all = yaml.loadAll(readFileSync('manifests/sekisho.yaml', 'utf8')) as (Manifest | null)[];
  const ofKind = (kind: string) => all.filter((manifest) => manifest?.kind === kind) as never[];
  return {
    webhooks: ofKind('MutatingWebhookConfiguration')[0],
    policies: ofKind('ValidatingAdmissionPolicy'),
    bindings: ofKind('ValidatingAdmissionPolicyBinding'),
  };
};
const fault = (configuration: AdmissionConfiguration) => admissionFault(configuration, 'sekisho-sandboxes');

/** What stands at a path; a word among the numbers finds the element of that name. */
function at(root: unknown, path: readonly (string | number)[]): Node {
  return path.reduce<unknown>((node, step) => (node as Node)[step], root) as Node;
}
type Change = (configuration: AdmissionConfiguration) => void;
const webhook =
  (change: (webhook: Node) => void): Change =>
  (configuration) =>
    change(at(configuration, ['webhooks', 'webhooks', 0]));
const policy =
  (name: string, change: (spec: Node) => void): Change =>
  ({ policies }) =>
    change(
      at(
        policies.find(({ metadata }) => metadata?.name === name),
        ['spec'],
      ),
    );
const rule = (spec: Node) => at(spec, ['matchConstraints', 'resourceRules', 0]);

const LOOSENED: readonly (readonly [string, Change])[] = [
  ['the webhook configuration is gone', (all) => Object.assign(all, { webhooks: undefined })],
  ['a webhook is gone', (all) => (at(all, ['webhooks'])['webhooks'] as unknown[]).shift()],
  ['a webhook fails open', webhook((hook) => (hook['failurePolicy'] = 'Ignore'))],
  [
    'a webhook leaves namespaces out',
    webhook((hook) => (hook['namespaceSelector'] = { matchLabels: { a: 'b' } })),
  ],
  [
    'a webhook leaves objects out',
    webhook(
      (hook) => (hook['objectSelector'] = { matchExpressions: [{ key: 'a', operator: 'DoesNotExist' }] }),
    ),
  ],
  [
    'a webhook has conditions',
    webhook((hook) => (hook['matchConditions'] = [{ name: 'x', expression: 'false' }])),
  ],
  [
    'a webhook is asked about something else',
    webhook((hook) => (at(hook, ['rules', 0])['operations'] = ['UPDATE'])),
  ],
  ['a webhook has no rules', webhook((hook) => delete hook['rules'])],
  ['a policy is gone', ({ policies }) => void (policies as unknown[]).pop()],
  ['a policy fails open', policy('sekisho-status', (spec) => (spec['failurePolicy'] = 'Ignore'))],
  ['a policy checks nothing', policy('sekisho-requester', (spec) => (spec['validations'] = []))],
  ['a policy has conditions', policy('sekisho-approver', (spec) => (spec['matchConditions'] = [{}]))],
  [
    'a policy leaves namespaces out',
    policy(
      'sekisho-requester',
      (spec) => (at(spec, ['matchConstraints'])['namespaceSelector'] = { matchLabels: { a: 'b' } }),
    ),
  ],
  [
    'a policy has exceptions',
    policy('sekisho-status', (spec) => (at(spec, ['matchConstraints'])['excludeResourceRules'] = [{}])),
  ],
  [
    'a policy covers one operation less',
    policy('sekisho-status', (spec) => (rule(spec)['operations'] = ['CREATE'])),
  ],
  [
    'a policy covers one resource less',
    policy('sekisho-sandbox-closed', (spec) => (rule(spec)['resources'] as string[]).shift()),
  ],
  [
    'a policy covers some names only',
    policy('sekisho-sandbox-jobs', (spec) => (rule(spec)['resourceNames'] = ['a'])),
  ],
  [
    'a policy looks at another namespace',
    policy(
      'sekisho-sandbox-pods',
      (spec) =>
        (at(spec, ['matchConstraints', 'namespaceSelector'])['matchLabels'] = {
          'kubernetes.io/metadata.name': 'other',
        }),
    ),
  ],
  ['a binding is gone', ({ bindings }) => void (bindings as unknown[]).shift()],
  ['a binding only warns', ({ bindings }) => (at(bindings, [0, 'spec'])['validationActions'] = ['Warn'])],
  ['a binding leaves something out', ({ bindings }) => (at(bindings, [0, 'spec'])['matchResources'] = {})],
];

describe('the admission configuration', () => {
  test('is intact as the chart renders it', () => {
    expect(fault(installed())).toBeUndefined();
  });

  test('is intact when it covers more than it must', () => {
    const wider = installed();
    policy('sekisho-status', (spec) => (rule(spec)['apiGroups'] = ['*']))(wider);
    expect(fault(wider)).toBeUndefined();
  });

  test.each(LOOSENED)('is loosened when %s', (_what, change) => {
    const configuration = installed();
    change(configuration);
    expect(fault(configuration)).toMatchObject({ reason: 'AdmissionLoosened' });
  });

  test('is told with everything that is wrong', () => {
    const configuration = installed();
    webhook((hook) => (hook['failurePolicy'] = 'Ignore'))(configuration);
    policy('sekisho-status', (spec) => (spec['failurePolicy'] = 'Ignore'))(configuration);
    expect(fault(configuration)?.message).toBe(
      'Install the chart again to mend it: webhook codeexecutionrequests.sekisho.dev: failurePolicy is not Fail; ValidatingAdmissionPolicy sekisho-status: failurePolicy is not Fail.',
    );
  });
});
