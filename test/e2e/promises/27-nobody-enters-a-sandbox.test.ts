import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { V1Job, V1Pod, V1PodSpec } from '@kubernetes/client-node';
import { eventually } from '../../support/eventually.ts';
import { as, items, kubectl, must, read } from '../support/kubectl.ts';
import { CONTROLLER, SANDBOXES, sandboxJobs } from '../support/installation.ts';
import { newTenant } from '../support/tenant.ts';
import type { Tenant } from '../support/tenant.ts';

jest.setTimeout(120_000);

let tenant: Tenant;
let pod: string;
let job: V1Job;
beforeAll(async () => {
  tenant = await newTenant('enter');
  // Administrator of their own namespace, with all that Kubernetes itself gives such a one.
  await must([
    '-n',
    tenant.namespace,
    'create',
    'rolebinding',
    'owner',
    '--clusterrole=admin',
    `--user=${tenant.user}`,
  ]);
  await tenant.create({
    code: 'import time\ntime.sleep(600)\n',
    sandboxClassName: 'default',
    deadlineSeconds: 20,
  });
  const running = await eventually(
    async () => {
      const pods = await items<V1Pod>([
        ...['-n', SANDBOXES, 'get', 'pods', '-l', 'sekisho.dev/component=sandbox'],
        '--field-selector=status.phase=Running',
      ]);
      return pods.find(({ metadata }) =>
        metadata?.annotations?.['sekisho.dev/request']?.startsWith(`${tenant.namespace}/`),
      );
    },
    { what: 'the program runs', timeoutMilliseconds: 60_000, intervalMilliseconds: 200 },
  );
  pod = running.metadata?.name ?? '';
  [job] = (await sandboxJobs(tenant.namespace)) as [V1Job];
});
afterAll(() => tenant.end());

const path = () => `/api/v1/namespaces/${SANDBOXES}/pods/${pod}`;
/** As Pod Security lets it in. */
const spy = {
  name: 'spy',
  image: 'sekisho.local/none',
  targetContainerName: 'program',
  securityContext: {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    runAsNonRoot: true,
    seccompProfile: { type: 'RuntimeDefault' },
  },
};
const debug = () => ({
  spec: {
    ephemeralContainers: [spy],
  },
});

/** What kubectl calls exec, cp, attach, debug and port-forward. */
const WAYS: readonly (readonly [string, () => readonly string[]])[] = [
  ['exec', () => ['-n', SANDBOXES, 'exec', pod, '--', 'true']],
  ['cp', () => ['-n', SANDBOXES, 'cp', `${pod}:/workspace/main.py`, '/dev/null']],
  ['attach', () => ['-n', SANDBOXES, 'attach', pod]],
  [
    'an ephemeral container',
    () => [
      ...[
        '-n',
        SANDBOXES,
        'patch',
        'pod',
        pod,
        '--subresource=ephemeralcontainers',
        '-p',
        JSON.stringify(debug()),
      ],
    ],
  ],
  ['port-forward', () => ['-n', SANDBOXES, 'port-forward', pod, ':80']],
  ['the proxy', () => ['get', '--raw', `${path()}/proxy/`]],
];

describe('promise 27: nobody enters a sandbox', () => {
  test.each([...WAYS, ['logs', () => ['-n', SANDBOXES, 'logs', pod]] as const])(
    'the owner of the request, administrator of their namespace, by %s: refused',
    async (_way, command) => {
      const { code, stderr } = await kubectl([...command(), ...as(tenant.user)]);
      expect([code === 0, stderr]).toEqual([false, expect.stringMatching(/forbidden|Forbidden/)]);
    },
  );

  test.each(WAYS)('the administrator of the cluster by %s: refused', async (_way, command) => {
    const { code, stderr } = await kubectl(command());
    expect([code === 0, stderr]).toEqual([false, expect.stringContaining('Nobody enters a sandbox')]);
  });

  test('the administrator brings in neither a Job nor a pod, nor changes one', async () => {
    const { spec } = job;
    const metadata = { namespace: SANDBOXES, generateName: 'foreign-' };
    // As they come from a template: without what the API server itself gave.
    const template = { spec: spec?.template.spec };
    const foreign = { apiVersion: 'batch/v1', kind: 'Job', metadata, spec: { backoffLimit: 0, template } };
    expect((await kubectl(['create', '-f', '-'], foreign)).stderr).toContain('are created by Sekisho alone');
    const bare = { apiVersion: 'v1', kind: 'Pod', metadata, spec: template.spec };
    expect((await kubectl(['create', '-f', '-'], bare)).stderr).toContain(
      'come from the Jobs of Sekisho alone',
    );
    const suspend = [
      'patch',
      'job',
      job.metadata?.name ?? '',
      '--type=merge',
      '-p',
      '{"spec":{"suspend":true}}',
    ];
    expect((await kubectl(['-n', SANDBOXES, ...suspend])).stderr).toContain('never changes');
    expect((await read<V1Job>(['-n', SANDBOXES, 'get', 'job', job.metadata?.name ?? ''])).spec).toEqual(spec);
  });

  test.each<readonly [string, object, object]>([
    ['a second container', { containers: [{}, { name: 'second' }] }, {}],
    ['the network of the node', { hostNetwork: true, hostUsers: undefined }, {}],
    ['a token', { automountServiceAccountToken: true }, {}],
    ['a resolver', { dnsPolicy: 'Default', dnsConfig: undefined }, {}],
    ['no deadline', { activeDeadlineSeconds: undefined }, {}],
    [
      'another volume',
      { volumes: ['input', 'scratch'].map((name) => ({ name, secret: { secretName: 's' } })) },
      {},
    ],
    ['a root file system to write', {}, { readOnlyRootFilesystem: false }],
    ['no limits', { containers: [{ resources: {} }] }, {}],
  ])('not even Sekisho itself may ask for %s', async (_what, change, security) => {
    const spec = job.spec?.template.spec as V1PodSpec;
    const given = (change as { containers?: readonly object[] }).containers ?? [{}];
    const containers = given.map((own) => {
      const whole = { ...spec.containers[0], ...own } as { securityContext?: object };
      return { ...whole, securityContext: { ...whole.securityContext, ...security } };
    });
    const made = (podSpec: object) => ({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { namespace: SANDBOXES, generateName: 'shape-' },
      spec: { backoffLimit: 0, template: { spec: podSpec } },
    });
    const asSekisho = ['create', '--dry-run=server', '-f', '-', ...as(CONTROLLER)];
    expect(await kubectl(asSekisho, made(spec))).toMatchObject({ code: 0 });
    const { code, stderr } = await kubectl(asSekisho, made({ ...spec, ...change, containers }));
    expect([code === 0, stderr]).toEqual([false, expect.stringContaining('sekisho-sandbox-jobs')]);
  });
});
