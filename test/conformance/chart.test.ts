/** What the chart installs is locked: no wildcard in any right, no pod with more than it needs. */
import { describe, expect, test } from '@jest/globals';
import * as yaml from 'js-yaml';
import type { V1NetworkPolicy } from '@kubernetes/client-node';
import { codeExecutionRequest } from '../../src/api/v1alpha1/code-execution-request.ts';
import { policyFault } from '../../src/controller/sandbox-policy.ts';
import { filesBelow, textAt } from './imports.ts';

interface Rule {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
  readonly verbs: readonly string[];
}
interface Security {
  readonly [field: string]: unknown;
}
interface Manifest {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly rules?: readonly Rule[];
  readonly spec?: {
    readonly template?: {
      readonly spec: {
        readonly securityContext?: Security;
        readonly hostNetwork?: boolean;
        readonly containers: readonly { readonly name: string; readonly securityContext?: Security }[];
        readonly initContainers?: readonly { readonly name: string; readonly securityContext?: Security }[];
      };
    };
    readonly [field: string]: unknown;
  };
  readonly webhooks?: readonly Security[];
}

const manifests = filesBelow('manifests', '.yaml')
  .flatMap((path) => yaml.loadAll(textAt(path)) as (Manifest | null)[])
  .filter((manifest) => manifest !== null);
const ofKind = (...kinds: readonly string[]) => manifests.filter(({ kind }) => kinds.includes(kind));
const rights = ofKind('Role', 'ClusterRole').flatMap(({ metadata, rules = [] }) =>
  rules.map((rule) => ({ owner: metadata.name, namespace: metadata.namespace, ...rule })),
);

describe('rights', () => {
  test('there are some', () => {
    expect(rights.length).toBeGreaterThan(5);
  });
  test('no rule has a wildcard', () => {
    const wide = rights.filter(({ apiGroups, resources, resourceNames, nonResourceURLs, verbs }) =>
      [apiGroups, resources, resourceNames, nonResourceURLs, verbs]
        .flat()
        .some((word) => word?.includes('*')),
    );
    expect(wide).toEqual([]);
  });
  test('no template has one behind a value', () => {
    const wildcard =
      /(apiGroups|resources|resourceNames|nonResourceURLs|verbs):\s*(\[[^\]]*\*|\n\s*-\s*["']?\*)/;
    const wide = filesBelow('helm/sekisho/templates', '.yaml').filter((path) => wildcard.test(textAt(path)));
    expect(wide).toEqual([]);
  });
  test('a Secret is only ever named, and never listed', () => {
    const secrets = rights.filter(({ resources }) => resources?.includes('secrets'));
    for (const { resourceNames, namespace, verbs } of secrets) {
      expect(resourceNames).toEqual(['sekisho-webhook-tls']);
      expect(namespace).toBeDefined();
      expect(verbs.filter((verb) => verb === 'list' || verb === 'watch')).toEqual([]);
    }
  });
  test('nobody may make pods, enter them, bind roles, speak for others or open the network', () => {
    const FORBIDDEN =
      /^(create|update|patch) (pods|pods\/exec|pods\/attach|networkpolicies|(cluster)?role(binding)?s|serviceaccounts\/token)$|^(escalate|bind|impersonate) /;
    const given = rights.flatMap(({ verbs, resources = [] }) =>
      verbs.flatMap((verb) => resources.map((resource) => `${verb} ${resource}`)),
    );
    expect(given.filter((right) => FORBIDDEN.test(right))).toEqual([]);
  });
});

describe('pods', () => {
  const pods = ofKind('Deployment', 'DaemonSet', 'StatefulSet', 'Job').flatMap(({ metadata, spec }) =>
    spec?.template ? [[metadata.name, spec.template.spec] as const] : [],
  );
  test('there are three', () => {
    expect(pods.map(([name]) => name).toSorted()).toEqual([
      'sekisho-controller',
      'sekisho-gateway',
      'sekisho-webhook',
    ]);
  });
  test.each(pods)(
    '%s is locked',
    (_name, { securityContext, hostNetwork, containers, initContainers = [] }) => {
      expect(hostNetwork).not.toBe(true);
      expect(securityContext).toMatchObject({
        runAsNonRoot: true,
        seccompProfile: { type: 'RuntimeDefault' },
      });
      for (const container of [...containers, ...initContainers])
        expect(container.securityContext).toMatchObject({
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'] },
          readOnlyRootFilesystem: true,
        });
    },
  );
});

describe('the way in and the place to run', () => {
  test('the webhooks of requests and approvals fail closed, for every namespace and object', () => {
    const webhooks = ofKind('MutatingWebhookConfiguration').flatMap((one) => one.webhooks ?? []);
    expect(webhooks).toMatchObject([
      {
        name: 'codeexecutionrequests.sekisho.dev',
        failurePolicy: 'Fail',
        namespaceSelector: {},
        objectSelector: {},
      },
      {
        name: 'executionapprovals.sekisho.dev',
        failurePolicy: 'Fail',
        namespaceSelector: {},
        objectSelector: {},
      },
      // Of a broken plugin that slips past nothing is called, and a broken policy denies programs.
      { name: 'plugins.sekisho.dev', failurePolicy: 'Ignore' },
      { name: 'executionpolicies.sekisho.dev', failurePolicy: 'Ignore' },
    ]);
  });
  test('so does every policy of the API server, and each is bound', () => {
    const policies = ofKind('ValidatingAdmissionPolicy');
    for (const { spec } of policies) expect(spec).toMatchObject({ failurePolicy: 'Fail' });
    expect(ofKind('ValidatingAdmissionPolicyBinding').map(({ spec }) => spec?.['policyName'])).toEqual(
      policies.map(({ metadata }) => metadata.name),
    );
  });
  test('the sandbox namespace is restricted, and its NetworkPolicies allow nothing but the way to the gateway', () => {
    const namespace = ofKind('Namespace').find(({ metadata }) => metadata.name === 'sekisho-sandboxes');
    expect(namespace?.metadata.labels).toMatchObject({ 'pod-security.kubernetes.io/enforce': 'restricted' });
    const policies = ofKind('NetworkPolicy').filter(
      ({ metadata }) => metadata.namespace === 'sekisho-sandboxes',
    );
    expect(policies.map(({ metadata }) => metadata.name).toSorted()).toEqual(['deny-all', 'to-gateway']);
    // As the controller reads them back before each start.
    const place = { namespace: 'sekisho-sandboxes', gatewayNamespace: 'sekisho-system' };
    expect(policyFault(policies as V1NetworkPolicy[], place)).toBeUndefined();
  });
  test('the gateway may write nothing of status but what it tells of calls', () => {
    const { shape } = codeExecutionRequest.status;
    const kept = Object.keys(shape).filter((field) => !['pluginCalls', 'pendingCalls'].includes(field));
    const policy = ofKind('ValidatingAdmissionPolicy').find(
      ({ metadata }) => metadata.name === 'sekisho-status',
    );
    const text = JSON.stringify(policy?.spec);
    for (const field of kept)
      expect(text).toContain(`object.?status.?${field} == oldObject.?status.?${field}`);
    expect(text).not.toContain('.?pluginCalls');
    expect(text).not.toContain('.?pendingCalls');
  });
});
