import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { V1Pod, V1Service } from '@kubernetes/client-node';
import { SYSTEM } from '../support/installation.ts';
import { items, kubectl, read } from '../support/kubectl.ts';
import { runPlainly } from '../support/plain-pod.ts';
import { newTenant } from '../support/tenant.ts';
import type { Tenant } from '../support/tenant.ts';

jest.setTimeout(120_000);

/** Tries addresses, and says which of them let it in. A name server at the end shows that the pod has a network at all. */
const program = (addresses: readonly (readonly [string, number])[]): string =>
  [
    'import socket',
    `for host, port in ${JSON.stringify(addresses)}:`,
    '    try:',
    '        socket.create_connection((host, port), timeout=4).close()',
    '        print(host, port, "reached")',
    '    except OSError as error:',
    '        print(host, port, type(error).__name__)',
  ].join('\n');

let tenant: Tenant;
beforeAll(async () => {
  tenant = await newTenant('callers');
});
afterAll(() => tenant.end());

describe('promise 36: workloads cannot call the webhook or pretend to be the API server', () => {
  test('neither by its Service nor by its pods, from an ordinary pod that reaches the API server', async () => {
    const service = await read<V1Service>(['-n', SYSTEM, 'get', 'service', 'sekisho-webhook']);
    const api = await read<V1Service>(['-n', 'default', 'get', 'service', 'kubernetes']);
    const pods = await items<V1Pod>([
      '-n',
      SYSTEM,
      'get',
      'pods',
      '-l',
      'app.kubernetes.io/component=webhook',
    ]);
    expect(pods).not.toHaveLength(0);
    const webhooks = [
      [service.spec?.clusterIP ?? '', 443] as const,
      ...pods.map(({ status }) => [status?.podIP ?? '', 9443] as const),
    ];
    const said = await runPlainly(tenant.namespace, [
      ...['python3', '-c', program([...webhooks, [api.spec?.clusterIP ?? '', 443]])],
    ]);
    const lines = said.trim().split('\n');
    expect(lines.at(-1)).toContain('reached');
    for (const line of lines.slice(0, -1)) expect(line).toMatch(/TimeoutError$/);
  });

  test('and the API server still does', async () => {
    const dryRun = ['create', '--dry-run=server', '-f', '-'];
    const { code, stderr } = await kubectl(
      [...tenant.flags, ...dryRun],
      tenant.manifest({ code: 'while True: pass' }),
    );
    expect([code, stderr]).toEqual([0, expect.stringContaining('ANY-LOOP')]);
  });
});
