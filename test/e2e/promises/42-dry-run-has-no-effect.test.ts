import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { CodeExecutionRequest } from '../../../src/api/parse.ts';
import { items, kubectl, must, read } from '../support/kubectl.ts';
import type { Ended } from '../support/kubectl.ts';
import { SANDBOXES } from '../support/installation.ts';
import { newTenant } from '../support/tenant.ts';
import type { Tenant } from '../support/tenant.ts';

jest.setTimeout(120_000);

let tenant: Tenant;
let request: CodeExecutionRequest;
beforeAll(async () => {
  tenant = await newTenant('dry-run');
  const { metadata } = await tenant.create();
  await tenant.ended(metadata.name);
  request = await tenant.get(metadata.name);
});
afterAll(() => tenant.end());

interface Listed {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly resourceVersion: string };
}
const namesOf = (objects: readonly Listed[]) =>
  objects.map(({ kind, metadata }) => `${kind}/${metadata.name}@${metadata.resourceVersion}`);

/** All that a request could have left in the world. */
async function world(): Promise<readonly string[]> {
  const own = await items<Listed>([
    '-n',
    tenant.namespace,
    'get',
    'cer,configmaps,secrets,events.events.k8s.io',
  ]);
  const sandbox = await items<Listed & { metadata: { annotations?: Record<string, string> } }>([
    ...['-n', SANDBOXES, 'get', 'jobs,pods,configmaps'],
  ]);
  const runs = sandbox.filter(({ metadata }) =>
    metadata.annotations?.['sekisho.dev/request']?.startsWith(`${tenant.namespace}/`),
  );
  // Job, pod and events of the request that was there before go their own way.
  return [
    ...namesOf(own.filter(({ kind, metadata }) => kind !== 'Event' || !metadata.name.startsWith(name()))),
    ...runs.map(({ kind, metadata }) => `${kind}/${metadata.name}`),
  ].sort();
}

/** An ordinary request that goes all the way, so that whatever the dry run had started would have shown by then. */
async function laterRequestEnds() {
  const { metadata } = await tenant.create({ code: "print('later')" });
  await tenant.ended(metadata.name);
  return metadata.name;
}

const dry = '--dry-run=server';
const name = () => request.metadata.name;
const file = [dry, '-f', '-'];
const WAYS: readonly (readonly [string, () => Promise<Ended>])[] = [
  ['create', () => kubectl([...tenant.flags, 'create', ...file], tenant.manifest({}, { name: 'dry' }))],
  ['create with generateName', () => kubectl([...tenant.flags, 'create', ...file], tenant.manifest())],
  ['apply', () => kubectl([...tenant.flags, 'apply', ...file], tenant.manifest({}, { name: 'dry' }))],
  [
    'server-side apply',
    () => kubectl([...tenant.flags, 'apply', '--server-side', ...file], tenant.manifest({}, { name: 'dry' })),
  ],
  [
    'replace',
    () =>
      kubectl([...tenant.flags, 'replace', ...file], {
        ...request,
        kind: 'CodeExecutionRequest',
        apiVersion: 'sekisho.dev/v1alpha1',
        status: undefined,
      }),
  ],
  [
    'patch',
    () =>
      kubectl([
        ...tenant.flags,
        'patch',
        'cer',
        name(),
        dry,
        '--type=merge',
        '-p',
        '{"metadata":{"labels":{"a":"b"}}}',
      ]),
  ],
  ['label', () => kubectl([...tenant.flags, 'label', 'cer', name(), dry, 'a=b'])],
  ['delete', () => kubectl([...tenant.flags, 'delete', 'cer', name(), dry])],
  ['deletecollection', () => kubectl([...tenant.flags, 'delete', 'cer', '--all', dry])],
];

describe('promise 42: dry run has no effect', () => {
  test.each(WAYS)('%s', async (_verb, act) => {
    const before = await world();
    const { code, stderr } = await act();
    expect({ code, stderr: stderr.replace(/^Warning: .*$/gm, '').trim() }).toEqual({ code: 0, stderr: '' });
    expect(await world()).toEqual(before);
  });

  test('nothing of all that starts anything later', async () => {
    const before = await world();
    for (const [, act] of WAYS) await act();
    const later = await laterRequestEnds();
    const requests = (await items<Listed>(['-n', tenant.namespace, 'get', 'cer'])).map(
      ({ metadata }) => metadata.name,
    );
    expect(requests.sort()).toEqual([name(), later].sort());
    const runs = (await world()).filter((line) => line.startsWith('Job/'));
    expect(runs).toHaveLength(before.filter((line) => line.startsWith('Job/')).length + 1);
  });

  test('a dry run of an attack tells the verdict all the same', async () => {
    const { code, stderr } = await kubectl(
      [...tenant.flags, 'create', ...file],
      tenant.manifest({ code: 'import os\nwhile True:\n    os.fork()\n' }, { name: 'dry-attack' }),
    );
    expect(code).toBe(0);
    expect(stderr).toMatch(/Warning: .*/);
    const listed = await read<{ items: readonly Listed[] }>(['-n', tenant.namespace, 'get', 'cer']);
    expect(listed.items.map(({ metadata }) => metadata.name)).not.toContain('dry-attack');
    await must(['-n', tenant.namespace, 'get', 'cer', name()]);
  });
});
