/** Names that lead elsewhere the next time, told by a name server of the test's own, which the gateway asks as it would any other. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { V1Service } from '@kubernetes/client-node';
import { eventually } from '../../support/eventually.ts';
import { podsOf, replicasOf } from '../support/installation.ts';
import { read } from '../support/kubectl.ts';
import { release } from '../support/release.ts';
import { newTenant } from '../support/tenant.ts';
import type { Tenant } from '../support/tenant.ts';
import { TRAP_PORT, newNameServer, trapsInGateway } from './support/name-server.ts';
import type { NameServer, Script } from './support/name-server.ts';
import { getting, newWorld } from './support/world.ts';
import type { Driver, World } from './support/world.ts';

jest.setTimeout(300_000);

/** Where the names lead. */
interface Places {
  /** The one address that the plugins may go to. */
  readonly honest: string;
  /** Of a pod beside it, which listens. */
  readonly trap: string;
  readonly apiServer: string;
}

interface Rebinding {
  readonly name: string;
  readonly port?: number;
  /** What the name server says once the honest call was made. */
  readonly later: (places: Places) => { readonly A?: readonly string[]; readonly AAAA?: readonly string[] };
}

/** Each name is first that of the honest upstream. */
const REBINDINGS: readonly Rebinding[] = [
  { name: 'a-pod-beside', later: ({ trap }) => ({ A: [trap] }) },
  { name: 'api-server', port: 443, later: ({ apiServer }) => ({ A: [apiServer] }) },
  { name: 'metadata', later: () => ({ A: ['169.254.169.254'] }) },
  { name: 'loopback', later: () => ({ A: ['127.0.0.1'] }) },
  { name: 'unspecified', later: () => ({ A: ['0.0.0.0'] }) },
  { name: 'loopback-six', later: () => ({ AAAA: ['::1'] }) },
  { name: 'mapped', later: () => ({ AAAA: ['::ffff:7f00:1'] }) },
  { name: 'nat64', later: () => ({ AAAA: ['64:ff9b::7f00:1'] }) },
  // The C library puts nearer addresses first: in some of these the honest one comes before the other, in some behind it.
  { name: 'mixed-near', later: ({ honest, trap }) => ({ A: [honest, trap] }) },
  { name: 'mixed-far', later: ({ honest }) => ({ A: [honest, '169.254.169.254'] }) },
  { name: 'mixed-last', port: 443, later: ({ honest, apiServer }) => ({ A: [honest, apiServer] }) },
  { name: 'mixed-first', port: 443, later: ({ honest, apiServer }) => ({ A: [apiServer, honest] }) },
  { name: 'mixed-families', later: ({ honest }) => ({ A: [honest], AAAA: ['::1'] }) },
];

const hostOf = (name: string): string => `${name}.rebind.test`;

/** A Service before the upstream with the ports of those whom the names lead to. */
async function honestService({ namespace }: Tenant): Promise<string> {
  const ports = [443, TRAP_PORT].map((port) => ({ name: `p${port}`, port, targetPort: 8080 }));
  const service = await read<V1Service>(['create', '-f', '-'], {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'honest', namespace },
    spec: { selector: { app: 'upstream' }, ports },
  });
  return service.spec?.clusterIP ?? '';
}

/** The gateway asks this name server and no other, in all its pods. */
async function askOnly({ address }: NameServer): Promise<void> {
  await release('gateway.dnsPolicy=None', `gateway.dnsConfig.nameservers={${address}}`);
  const replicas = await replicasOf('gateway');
  await eventually(
    async () => {
      const pods = await podsOf('gateway');
      return pods.length === replicas && pods.every(({ spec }) => spec?.dnsPolicy === 'None');
    },
    {
      what: 'all pods of the gateway ask the name server of the test',
      timeoutMilliseconds: 60_000,
      intervalMilliseconds: 500,
    },
  );
}

let tenant: Tenant;
let nameServer: NameServer;
let places: Places;
let world: World;
let driver: Driver;
let neighbour: Driver;
let inGateway: () => Promise<number>;

beforeAll(async () => {
  tenant = await newTenant('rebind', 'Audit');
  nameServer = await newNameServer(tenant.namespace);
  const api = await read<V1Service>(['-n', 'default', 'get', 'service', 'kubernetes']);
  const honest = await honestService(tenant);
  places = { honest, trap: nameServer.trap, apiServer: api.spec?.clusterIP ?? '' };
  await askOnly(nameServer);
  const operations = [getting('get', '/behave/once')];
  const plugins = [...REBINDINGS, { name: 'between' }, { name: 'nowhere' }].map(({ name, ...given }) => ({
    name,
    upstream: {
      url: `http://${hostOf(name)}:${'port' in given ? given.port : TRAP_PORT}`,
      allowedCIDRs: [`${honest}/32`],
    },
    operations,
  }));
  world = await newWorld(tenant, { operations: [getting('well', '/behave/well')], plugins });
  [driver, neighbour] = await Promise.all([world.newDriver(), world.newDriver()]);
  inGateway = await trapsInGateway();
});
afterAll(async () => {
  await Promise.all([driver, neighbour].map((one) => one.end()));
  await world.end();
  await release();
});

/** Connections at the places that no call may come to: beside the upstream, and in the pods of the gateway themselves. */
const forbiddenCalls = async () => ({
  besideUpstream: await nameServer.trapped(),
  inGateway: await inGateway(),
});
const honestCalls = async () => (await world.upstream.counts())['/behave/once'] ?? 0;

let before: Awaited<ReturnType<typeof forbiddenCalls>>;
beforeEach(async () => {
  before = await forbiddenCalls();
});
afterEach(async () => {
  expect(await forbiddenCalls()).toEqual(before);
  expect(await neighbour.call('probe', 'well')).toEqual({ output: { text: 'hello' } });
});

const HELLO = { output: { text: 'hello' } };

describe('a name that led to the honest upstream leads elsewhere', () => {
  test.each(REBINDINGS.map((rebinding) => [rebinding.name, rebinding] as const))(
    '%s: refused at the dial, and nobody there is called',
    async (plugin, { later }) => {
      const host = hostOf(plugin);
      const first: Script = { A: [[places.honest]] };
      await nameServer.say(host, first);
      const calls = await honestCalls();
      expect(await driver.call(plugin, 'get')).toEqual(HELLO);
      expect(await nameServer.answered(host)).toMatchObject([{ addresses: [places.honest] }]);
      expect(await honestCalls()).toBe(calls + 1);

      const { A = [], AAAA = [] } = later(places);
      await nameServer.say(host, { A: [A], AAAA: [AAAA] });
      expect(await driver.call(plugin, 'get')).toMatchObject({ code: 'UpstreamForbidden' });
      // It was asked again and told the new address, so it is that which was refused.
      expect((await nameServer.answered(host)).at(-1)).toMatchObject({ addresses: A });
      expect(await nameServer.answered(host)).toHaveLength(2);
      expect((await nameServer.answered(host, 'AAAA')).at(-1)).toMatchObject({ addresses: AAAA });
      expect(await honestCalls()).toBe(calls + 1);

      await nameServer.say(host, first);
      expect(await driver.call(plugin, 'get')).toEqual(HELLO);
    },
  );
});

test('an answer that changes between the check and the dial is never heard: the name is asked for once', async () => {
  const host = hostOf('between');
  await nameServer.say(host, { A: [[places.honest], [places.trap]] });
  expect(await driver.call('between', 'get')).toEqual(HELLO);
  expect(await nameServer.answered(host)).toEqual([{ name: host, type: 'A', addresses: [places.honest] }]);
  expect(await driver.call('between', 'get')).toMatchObject({ code: 'UpstreamForbidden' });
  expect((await nameServer.answered(host)).map(({ addresses }) => addresses)).toEqual([
    [places.honest],
    [places.trap],
  ]);
});

test('a name that nobody knows is a failure of the upstream', async () => {
  expect(await driver.call('nowhere', 'get')).toMatchObject({ code: 'UpstreamFailed' });
});
