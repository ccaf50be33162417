import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { V1Pod, V1Service } from '@kubernetes/client-node';
import { listenOnHost } from '../support/host-listener.ts';
import type { HostListener } from '../support/host-listener.ts';
import { items } from '../support/kubectl.ts';
import { LOCAL_CLUSTER, SYSTEM } from '../support/installation.ts';
import { nodeAddress } from '../support/node-address.ts';
import { runPlainly } from '../support/plain-pod.ts';
import { newTenant } from '../support/tenant.ts';
import type { Tenant } from '../support/tenant.ts';

jest.setTimeout(240_000);

const SANDBOXES_TRIED = 20;
const PEER_PORT = 7777;

/**
 * From its first instruction to its end tries every target over and over, over TCP and UDP, IPv4 and IPv6, asks name servers,
 * and listens itself for the others of its kind. Tells which targets answered.
 */
const KNOCK = `
import errno, json, select, socket, sys, time
begin = time.monotonic()
seconds = float(sys.argv[1])
def mine(target):
    address, port = target.split('/', 1)[1].rsplit(':', 1)
    if ':' in address:
        return False
    # An address that the kernel would send from to itself is this sandbox's own.
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ask:
        ask.connect_ex((address, int(port)))
        return ask.getsockname()[0] == address
targets = [target for target in sys.argv[2:] if not mine(target)]
listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(('0.0.0.0', ${PEER_PORT}))
listener.listen(64)
listener.setblocking(False)
reached, attempts, first = set(), 0, None
query = bytes.fromhex('1234010000010000000000000a6b756265726e65746573037376630000010001')
while time.monotonic() - begin < seconds:
    pending = {}
    for target in targets:
        kind, address = target.split('/', 1)
        host, port = address.rsplit(':', 1)
        family = socket.AF_INET6 if ':' in host else socket.AF_INET
        for address in [(host, int(port))] if '%' not in host else [socket.getaddrinfo(host, int(port))[0][4]]:
            try:
                knock = socket.socket(family, socket.SOCK_DGRAM if kind == 'udp' else socket.SOCK_STREAM)
                knock.setblocking(False)
                attempts += 1
                if first is None:
                    first = time.monotonic() - begin
                code = knock.connect_ex(address)
                if code not in (0, errno.EINPROGRESS):
                    knock.close()
                    continue
                if kind == 'udp':
                    knock.send(query)
                if code == 0 and kind == 'tcp':
                    reached.add(target)
                pending[knock] = target
            except OSError:
                pass
    until = time.monotonic() + 0.5
    while pending and time.monotonic() < until:
        tcp = [s for s, t in pending.items() if t.startswith('tcp')]
        udp = [s for s, t in pending.items() if t.startswith('udp')]
        readable, writable, _ = select.select(udp + [listener], tcp, [], 0.1)
        for knock in writable:
            target = pending.pop(knock)
            if knock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0:
                reached.add(target)
            knock.close()
        for knock in readable:
            if knock is listener:
                reached.add('called by ' + knock.accept()[1][0])
                continue
            target = pending.pop(knock)
            try:
                knock.recv(512)
                reached.add(target)
            except OSError:
                pass
            knock.close()
    for knock in pending:
        knock.close()
try:
    socket.setdefaulttimeout(1)
    reached.add('name ' + socket.gethostbyname('kubernetes.default.svc.cluster.local'))
except OSError:
    pass
print(json.dumps({'attempts': attempts, 'reached': sorted(reached)}))
`;

interface Told {
  readonly attempts: number;
  readonly reached: readonly string[];
}

let tenant: Tenant;
let host: HostListener | undefined;
let sure: readonly string[];
let targets: readonly string[];

beforeAll(async () => {
  tenant = await newTenant('no-network', 'Audit');
  const { server, node: address, prefix, host: here } = await nodeAddress();
  const services = await items<V1Service>(['get', 'services', '-A']);
  const pods = (await items<V1Pod>(['-n', SYSTEM, 'get', 'pods'])).filter(
    ({ metadata, status }) => metadata?.deletionTimestamp === undefined && status?.phase === 'Running',
  );
  const targetsOf = (some: readonly V1Service[]) =>
    some.flatMap(({ spec }) => (spec?.ports ?? []).map(({ port }) => `tcp/${spec?.clusterIP ?? ''}:${port}`));
  // Sekisho's own, and those of the plugins, are closed to ordinary pods too.
  const open = services.filter(({ metadata }) =>
    ['default', 'kube-system'].includes(metadata?.namespace ?? ''),
  );
  const podTargets = pods.map(({ status }) => `tcp/${status?.podIP ?? ''}:8081`);
  if (LOCAL_CLUSTER !== undefined) host = await listenOnHost(here);
  const hostTargets = host ? [`tcp/${here}:${host.port}`, `udp/${here}:${host.port}`] : [];
  sure = [...targetsOf(open), ...podTargets, ...hostTargets, `tcp/${server}`, `tcp/${address}:10250`];
  const peers = Array.from({ length: 30 }, (_, index) => `tcp/${prefix}.128.${index + 1}:${PEER_PORT}`);
  targets = [
    ...new Set([...sure, ...targetsOf(services)]),
    ...[
      `tcp/${prefix}.128.1:80`,
      'tcp/169.254.169.254:80',
      'udp/169.254.169.254:53',
      `udp/${address}:53`,
      'udp/8.8.8.8:53',
    ],
    ...[
      'tcp/1.1.1.1:443',
      `tcp/::ffff:${address}:10250`,
      `udp/::ffff:${here}:${host?.port ?? 53}`,
      'udp/ff02::1%eth0:5353',
    ],
    ...['tcp/fe80::1%eth0:10250', 'tcp/fd00:ec2::254:80', 'tcp/2606:4700:4700::1111:443'],
    ...peers,
  ];
});
afterAll(async () => {
  host?.close();
  await tenant.end();
});

describe('promise 17: no network, from the first instruction on', () => {
  test('an ordinary pod reaches all that is there', async () => {
    const told = JSON.parse(
      await runPlainly(tenant.namespace, ['python3', '-c', KNOCK, '1', ...sure]),
    ) as Told;
    expect(told.reached).toEqual(expect.arrayContaining([...sure]));
    if (host) expect(host.knocks()).toBeGreaterThan(1);
  });

  test(`from ${SANDBOXES_TRIED} sandboxes, several at one time: 0 connections`, async () => {
    host?.forget();
    const requests = await Promise.all(
      Array.from({ length: SANDBOXES_TRIED }, () =>
        tenant.create({ code: KNOCK, args: ['2.5', ...targets], limits: { cpu: '150m' } }),
      ),
    );
    let attempts = 0;
    for (const { metadata } of requests) {
      const { result } = await tenant.ended(metadata.name, 180_000);
      expect(result?.reason).toBe('Completed');
      const told = JSON.parse(result?.stdout ?? '') as Told;
      expect(told.reached).toEqual([]);
      attempts += told.attempts;
    }
    expect(attempts).toBeGreaterThan(SANDBOXES_TRIED * 40);
    expect(host?.knocks() ?? 0).toBe(0);
  });
});
