import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { V1ConfigMap, V1Job } from '@kubernetes/client-node';
import type { CodeExecutionRequest } from '../../../src/api/parse.ts';
import { eventually } from '../../support/eventually.ts';
import { kubectl, must, read } from '../support/kubectl.ts';
import { withoutGuards, wouldTake } from '../support/guards.ts';
import { SANDBOXES, start, stop } from '../support/installation.ts';
import { newTenant, requestExists } from '../support/tenant.ts';
import type { Tenant } from '../support/tenant.ts';

jest.setTimeout(120_000);

const nameFor = (uid: string) => `run-${createHash('sha256').update(uid).digest('hex').slice(0, 40)}`;

let tenant: Tenant;
const requests: Record<string, CodeExecutionRequest> = {};
const victims: Record<string, V1Job | V1ConfigMap> = {};

const template = {
  metadata: {},
  spec: {
    restartPolicy: 'Never',
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [
      {
        ...{ name: 'victim', image: 'victim', command: ['true'] },
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
      },
    ],
  },
};

const job = (name: string, metadata: object) => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name, namespace: SANDBOXES, ...metadata },
  spec: { suspend: true, template },
});

const victimOf = (kind: string) => {
  const name = nameFor(requests[kind]?.metadata.uid ?? '');
  return kind === 'ConfigMap'
    ? read<V1ConfigMap>(['-n', SANDBOXES, 'get', 'configmap', name])
    : read<V1Job>(['-n', SANDBOXES, 'get', 'job', name]);
};

beforeAll(async () => {
  tenant = await newTenant('collision');
  await stop('controller');
  const guard = await withoutGuards(['sekisho-sandbox-jobs'], () => wouldTake(job('probe', {})));
  requests['Job'] = await tenant.create();
  requests['labelled Job'] = await tenant.create();
  requests['ConfigMap'] = await tenant.create({ stdin: 'x'.repeat(210_000) });
  const [plain = '', labelled = '', map = ''] = Object.values(requests).map(({ metadata }) =>
    nameFor(metadata.uid),
  );
  await must(['create', '-f', '-'], job(plain, {}));
  await must(
    ['create', '-f', '-'],
    job(labelled, {
      labels: { 'sekisho.dev/component': 'sandbox', 'sekisho.dev/request-uid': 'another' },
      annotations: {
        'sekisho.dev/request': `${tenant.namespace}/${requests['labelled Job']?.metadata.name ?? ''}`,
      },
    }),
  );
  await guard();
  await must([
    '-n',
    SANDBOXES,
    'create',
    'configmap',
    map,
    '--from-literal=input.0=print("swapped")',
    '--from-literal=stdin=',
  ]);
  for (const kind of Object.keys(requests)) {
    victims[kind] = (await eventually(
      async () => {
        const victim = await victimOf(kind);
        return (kind === 'ConfigMap' || (victim as V1Job).status?.conditions?.length) && victim;
      },
      { what: 'the victim has come to rest', intervalMilliseconds: 200 },
    )) as V1Job;
  }
  await start('controller');
});
afterAll(async () => {
  await start('controller');
  for (const { metadata } of Object.values(requests))
    await kubectl([
      '-n',
      SANDBOXES,
      'delete',
      'job,configmap',
      nameFor(metadata.uid),
      '--ignore-not-found',
      '--wait=false',
    ]);
  await tenant.end();
});

const expectUntouched = async (kind: string) => {
  const { metadata } = await victimOf(kind);
  expect(metadata?.uid).toBe(victims[kind]?.metadata?.uid);
  expect(metadata?.resourceVersion).toBe(victims[kind]?.metadata?.resourceVersion);
};

describe('promise 12: never adopts, never deletes what is not its own', () => {
  test.each(['Job', 'labelled Job'])(
    'a foreign %s of the predicted name: nothing runs, and the status says so',
    async (kind) => {
      const status = await tenant.ended(requests[kind]?.metadata.name ?? '');
      expect(status.result?.reason).toBe('NameCollision');
      expect(status.state).toBe('Failed');
      await expectUntouched(kind);
    },
  );

  test('a foreign ConfigMap of the predicted name: its content does not run', async () => {
    const status = await tenant.ended(requests['ConfigMap']?.metadata.name ?? '');
    expect(status.state).toBe('Failed');
    expect(status.result?.stdout ?? '').not.toContain('swapped');
    await expectUntouched('ConfigMap');
  });

  test('deleting the requests leaves the victims as they were', async () => {
    for (const { metadata } of Object.values(requests)) {
      await tenant.deleteRequest(metadata.name);
      await eventually(async () => !(await requestExists(tenant.namespace, metadata.name)), {
        what: 'it is gone',
      });
    }
    const { metadata } = await tenant.create();
    await tenant.ended(metadata.name);
    for (const kind of Object.keys(requests)) await expectUntouched(kind);
  });
});
