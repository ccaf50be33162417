import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { V1Pod, V1Service } from '@kubernetes/client-node';
import { items, must, read } from '../support/kubectl.ts';
import { SANDBOXES } from '../support/installation.ts';
import { runPlainly } from '../support/plain-pod.ts';
import { newTenant } from '../support/tenant.ts';
import type { Tenant } from '../support/tenant.ts';

jest.setTimeout(120_000);

/** Tells all that it finds of credentials: files, environment (its own and its parents'), and whether the API answers. */
const SEARCH = `
import glob, json, os, socket, sys
files = []
for top in ['/var/run/secrets', '/run/secrets', '/etc/kubernetes', '/var/lib/kubelet', '/root/.kube', '/workspace']:
    for folder, _, names in os.walk(top):
        files += [os.path.join(folder, name) for name in names]
environment = set(os.environ)
for path in glob.glob('/proc/[0-9]*/environ'):
    try:
        environment |= {entry.split('=')[0] for entry in open(path).read().split(chr(0)) if entry}
    except OSError:
        pass
reached = []
for target in sys.argv[1:]:
    host, port = target.rsplit(':', 1)
    try:
        socket.create_connection((host, int(port)), 1).close()
        reached.append(target)
    except OSError:
        pass
mounts = [line.split()[4] for line in open('/proc/self/mountinfo')]
print(json.dumps({'files': files, 'environment': sorted(environment), 'reached': reached, 'mounts': mounts}))
`;

interface Found {
  readonly files: readonly string[];
  readonly environment: readonly string[];
  readonly reached: readonly string[];
  readonly mounts: readonly string[];
}

let tenant: Tenant;
let api: readonly string[];
beforeAll(async () => {
  tenant = await newTenant('credentials', 'Audit');
  const service = await read<V1Service>(['-n', 'default', 'get', 'service', 'kubernetes']);
  const server = await must(['config', 'view', '--minify', '-o', 'jsonpath={.clusters[0].cluster.server}']);
  api = [`${service.spec?.clusterIP ?? ''}:443`, server.replace('https://', '')];
});
afterAll(() => tenant.end());

const kubernetes = (names: readonly string[]) => names.filter((name) => name.startsWith('KUBERNETES'));
const secrets = (paths: readonly string[]) => paths.filter((path) => /secrets|token|kube/.test(path));

describe('promise 16: no API credentials inside', () => {
  test('the search finds them in an ordinary pod', async () => {
    const found = JSON.parse(await runPlainly(tenant.namespace, ['python3', '-c', SEARCH, ...api])) as Found;
    expect(found.files.some((path) => path.endsWith('/token'))).toBe(true);
    expect(kubernetes(found.environment)).not.toEqual([]);
    expect(found.reached).toEqual(api);
  });

  test('in a sandbox: no token file, no KUBERNETES_* variable, and the API does not answer', async () => {
    const { metadata } = await tenant.create({ code: SEARCH, args: [...api] });
    const { result } = await tenant.ended(metadata.name);
    expect(result?.stderr).toBe('');
    const found = JSON.parse(result?.stdout ?? '') as Found;
    expect(found.files).toEqual(['/workspace/main.py']);
    expect(secrets(found.mounts)).toEqual([]);
    expect(kubernetes(found.environment)).toEqual([]);
    expect(found.environment.filter((name) => /TOKEN|SECRET|SERVICE|PASSWORD/.test(name))).toEqual([]);
    expect(found.reached).toEqual([]);
  });

  test('in Bash as well', async () => {
    const code = 'compgen -e; ls -A /var/run/secrets /run/secrets 2>/dev/null | grep . && echo FOUND; true';
    const { metadata } = await tenant.create({ language: 'Bash', code });
    const { result } = await tenant.ended(metadata.name);
    expect(result?.stdout).toContain('HOME');
    expect(result?.stdout).not.toMatch(/KUBERNETES|FOUND/);
  });

  test('the pods that ran mount no token', async () => {
    const pods = await items<V1Pod>(['-n', SANDBOXES, 'get', 'pods', '-l', 'sekisho.dev/component=sandbox']);
    const own = pods.filter(({ metadata }) =>
      metadata?.annotations?.['sekisho.dev/request']?.startsWith(`${tenant.namespace}/`),
    );
    expect(own).toHaveLength(2);
    for (const { spec } of own) {
      expect(spec?.automountServiceAccountToken).toBe(false);
      expect(JSON.stringify(spec?.volumes)).not.toMatch(/projected|serviceAccountToken|secret/);
    }
  });
});
