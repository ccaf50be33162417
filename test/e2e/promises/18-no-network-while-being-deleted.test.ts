import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { eventually } from '../../support/eventually.ts';
import { listenOnHost } from '../support/host-listener.ts';
import type { HostListener } from '../support/host-listener.ts';
import { LOCAL_CLUSTER, podsOfRequest, SANDBOXES } from '../support/installation.ts';
import { kubectl, must } from '../support/kubectl.ts';
import { nodeAddress } from '../support/node-address.ts';
import { runPlainly } from '../support/plain-pod.ts';
import { processesWith } from '../support/processes.ts';
import { newTenant } from '../support/tenant.ts';
import type { Tenant } from '../support/tenant.ts';

jest.setTimeout(180_000);

/** Knocks without a pause, over TCP and UDP, and does not end when it is told to. With a third argument for that many seconds. */
const KNOCK = `
import signal, socket, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
host, port = sys.argv[1], int(sys.argv[2])
until = time.monotonic() + float(sys.argv[4]) if len(sys.argv) > 4 else float('inf')
while time.monotonic() < until:
    try:
        with socket.socket() as knock:
            knock.settimeout(0.02)
            knock.connect_ex((host, port))
        with socket.socket(type=socket.SOCK_DGRAM) as knock:
            knock.sendto(b'here', (host, port))
    except OSError:
        pass
`;

const tenants: Tenant[] = [];
let host: HostListener;
let address: string;
const onLocalCluster = LOCAL_CLUSTER === undefined ? describe.skip : describe;

async function aTenant(): Promise<Tenant> {
  const tenant = await newTenant('while-deleted', 'Audit');
  tenants.push(tenant);
  return tenant;
}

interface Knocking {
  readonly tenant: Tenant;
  readonly name: string;
  /** Its pod in the sandbox namespace. */
  readonly pod: string;
}

const DELETIONS: readonly (readonly [string, (knocking: Knocking) => Promise<unknown>])[] = [
  ['its request is deleted', ({ tenant, name }) => tenant.deleteRequest(name)],
  [
    'its namespace is deleted',
    ({ tenant }) => must(['delete', 'namespace', tenant.namespace, '--wait=false']),
  ],
  [
    'its pod is deleted by force, so that the API server forgets it before the node does',
    ({ pod }) =>
      kubectl(['-n', SANDBOXES, 'delete', 'pod', pod, '--force', '--grace-period=0', '--wait=false']),
  ],
];

onLocalCluster('promise 18: no network while being deleted', () => {
  beforeAll(async () => {
    ({ host: address } = await nodeAddress());
    host = await listenOnHost(address);
  });
  afterAll(async () => {
    host.close();
    for (const tenant of tenants) await tenant.end();
  });

  test('an ordinary pod gets through', async () => {
    const { namespace } = await aTenant();
    await runPlainly(namespace, ['python3', '-c', KNOCK, address, String(host.port), 'plain', '1']);
    expect(host.knocks()).toBeGreaterThan(1);
  });

  test.each(DELETIONS)('%s: nothing comes through until its last process is gone', async (_what, remove) => {
    host.forget();
    const marker = `promise-18-${process.pid}-${tenants.length}`;
    const processes = () => processesWith(marker, 'python3', 'main.py').length;
    const tenant = await aTenant();
    const { metadata } = await tenant.create({ code: KNOCK, args: [address, String(host.port), marker] });
    await eventually(() => processes() > 0, { what: 'it knocks', timeoutMilliseconds: 60_000 });
    const [pod] = await podsOfRequest(metadata.uid);
    const removed = remove({ tenant, name: metadata.name, pod: pod?.metadata?.name ?? '' });
    let whileDeleted = 0;
    await eventually(
      () => {
        const now = processes();
        whileDeleted += now;
        return now === 0;
      },
      { what: 'its last process is gone', timeoutMilliseconds: 60_000 },
    );
    await removed;
    expect(whileDeleted).toBeGreaterThan(0);
    expect(host.knocks()).toBe(0);
  });
});
