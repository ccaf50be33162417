/** The manifests of examples/plugins: what Sekisho reads of them, and whether they fit the services that they describe. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import * as yaml from 'js-yaml';
import { newEventOf, rangeOf } from '../../examples/plugins/calendar/input.ts';
import { fill } from '../../examples/plugins/calendar/seed.ts';
import { settingsOf } from '../../examples/plugins/calendar/settings.ts';
import { storeAt } from '../../examples/plugins/calendar/store.ts';
import { filledIn, hostAndRange, manifest, upstreamValues } from '../../scripts/demo/plugins.ts';
import { parsePlugin, parseRequest, parseRole } from '../../src/api/parse.ts';
import type { CodeExecutionRequest, ExecutionRole, Parsed, Plugin } from '../../src/api/parse.ts';
import { analyse } from '../../src/core/analysis/engine.ts';
import type { Json } from '../../src/core/json/strict-json.ts';
import { grantsOf } from '../../src/core/plugins/grants.ts';
import { pluginErrors } from '../../src/gateway/plugin-errors.ts';
import { createSchemaCache } from '../../src/gateway/schemas/index.ts';
import { filesBelow } from '../conformance/imports.ts';
import type { Radicale } from './radicale.ts';
import { startRadicale } from './radicale.ts';

// Interpreters and servers start slowly where much else is going on.
jest.setTimeout(60_000);

const VALUES = {
  SEKISHO_NAMESPACE: 'sekisho-system',
  SEKISHO_IMAGE_RADICALE: 'sekisho.local/radicale:1',
  SEKISHO_IMAGE_CALENDAR_ADAPTER: 'sekisho.local/calendar-adapter:1',
  SEKISHO_IMAGE_MCP_SERVER: 'sekisho.local/mcp-server:1',
  RADICALE_PASSWORD: 'aa',
  CALENDAR_TOKEN: 'bb',
  DIGEST_GET_STRUCTURED_CONTENT: `sha256:${'0'.repeat(64)}`,
  ...upstreamValues('10.96.7.1', '10.96.7.2'),
};

interface Stored {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
  readonly spec: Readonly<Record<string, unknown>>;
}
const documents = (text: string): readonly Stored[] => yaml.loadAll(text) as Stored[];
const manifests = filesBelow('examples/plugins', '.yaml').filter((path) => !path.includes('/requests/'));
const all = manifests.flatMap((path) => documents(filledIn(readFileSync(path, 'utf8'), VALUES)));
const requests = filesBelow('examples/plugins/requests', '.yaml').flatMap((path) =>
  documents(readFileSync(path, 'utf8')),
);

function parsed<T>(result: Parsed<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result));
  return result.value;
}
/** As the API server hands them out. */
const stored = (document: Stored) => ({
  ...document,
  metadata: { uid: '00000000-0000-4000-8000-000000000000', generation: 1, ...document.metadata },
});
const named = <T>(kind: string, parse: (value: unknown) => Parsed<T>): ReadonlyMap<string, T> =>
  new Map(
    all
      .filter((one) => one.kind === kind)
      .map((one) => [one.metadata.name, parsed(parse(stored(one)))] as const),
  );

const plugins: ReadonlyMap<string, Plugin> = named('Plugin', parsePlugin);
/** The chart's role "user" with what its examples need, beside the roles of the examples. */
const USER = stored({
  kind: 'ExecutionRole',
  metadata: { name: 'user' },
  spec: {
    allowedActions: ['read_calendar', 'create_event'],
    plugins: [{ name: 'calendar', operations: ['read_events', 'create_event'] }],
  },
});
const roles: ReadonlyMap<string, ExecutionRole> = new Map([
  ['user', parsed(parseRole(USER))],
  ...named('ExecutionRole', parseRole),
]);

describe('manifests', () => {
  test('what is not known is an error, and so is what would break them', () => {
    expect(() => filledIn('a: $NOBODY', VALUES)).toThrow('nothing is known for $NOBODY');
    expect(() => filledIn('a: $EMPTY', { EMPTY: '' })).toThrow('nothing is known for $EMPTY');
    expect(() => filledIn('a: $X', { X: 'a\nb: c' })).toThrow('would break');
    expect(() => manifest('1-radicale', {})).toThrow('nothing is known for');
  });
  test('an address stands in a URL and as a range of its own', () => {
    expect(hostAndRange('10.96.7.1')).toEqual({ host: '10.96.7.1', range: '10.96.7.1/32' });
    expect(hostAndRange('fd00::1')).toEqual({ host: '[fd00::1]', range: 'fd00::1/128' });
  });
  test('variables of Kubernetes are left alone', () => {
    expect(filledIn('$(RADICALE_SERVICE_HOST)', VALUES)).toBe('$(RADICALE_SERVICE_HOST)');
  });
  test('no program has a right, a token or a root file system that it can write', () => {
    const deployments = all.filter(({ kind }) => kind === 'Deployment');
    expect(deployments).toHaveLength(3);
    for (const { spec } of deployments) {
      const { spec: pod } = (spec as { template: { spec: Record<string, unknown> } }).template;
      expect(pod).toMatchObject({
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      });
      for (const container of [pod['initContainers'] ?? [], pod['containers']].flat())
        expect(container).toMatchObject({
          imagePullPolicy: 'IfNotPresent',
          resources: { limits: { memory: expect.any(String) } },
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          },
        });
    }
  });
});

/** What each request may call, and what its end shall be. */
const GRANTED: Readonly<Record<string, readonly [string, readonly string[]]>> = {
  'plugins-1-read-calendar': ['Succeeded', ['calendar.read_events']],
  'plugins-2-create-event': ['Succeeded', ['calendar.read_events', 'calendar.create_event']],
  'plugins-3-export-contacts': ['Denied/ActionNotAllowed', []],
  'plugins-4-export-hidden': ['Succeeded', ['calendar.read_events']],
  'plugins-5-export-approved': ['AwaitingApproval/ActionNeedsApproval', ['calendar.export_contacts']],
  'plugins-6-weather': ['Succeeded', ['everything.read_weather']],
};

describe('requests', () => {
  test('each is told here', () => {
    expect(requests.map(({ metadata }) => metadata.name)).toEqual(Object.keys(GRANTED));
  });

  test.each(requests.map((one) => [one.metadata.name, one] as const))(
    '%s is granted what it needs',
    (name, one) => {
      const { spec }: CodeExecutionRequest = parsed(parseRequest(stored(one)));
      const report = analyse({ language: spec.language, code: spec.code });
      const role = roles.get(spec.role);
      if (!role) throw new Error(`there is no role ${spec.role}`);
      const actions = [...(spec.actions ?? []), ...report.actions.map(({ action }) => action)];
      const grants = grantsOf({ wanted: spec.plugins ?? [], actions, role, plugins });
      const [expected, granted] = GRANTED[name] ?? [];
      expect([
        one.metadata.annotations?.['sekisho.dev/expect'],
        grants.flatMap((grant) => grant.operations.map((operation) => `${grant.name}.${operation}`)),
      ]).toEqual([expected, granted]);
      const known = [...(role.spec.allowedActions ?? []), ...(role.spec.approvalActions ?? [])];
      expect(actions.every((action) => known.includes(action))).toBe(!expected?.startsWith('Denied'));
    },
  );

  test('what is hidden from the analysis is found by none of its rules', () => {
    const hidden = requests.find(({ metadata }) => metadata.name === 'plugins-4-export-hidden');
    const { spec } = parsed(parseRequest(stored(hidden ?? { kind: '', metadata: { name: '' }, spec: {} })));
    const report = analyse({ language: spec.language, code: spec.code });
    expect([report.actions, report.findings]).toEqual([[], []]);
  });
});

const schemas = createSchemaCache();
/** Whether the gateway would let it pass. */
function fits(operation: string, which: 'input' | 'output', value: unknown): boolean {
  const plugin = plugins.get('calendar');
  const found = plugin?.spec.operations.find(({ name }) => name === operation);
  if (!plugin || !found) throw new Error(`there is no operation ${operation}`);
  return schemas.checksOf(plugin, found)[which](JSON.parse(JSON.stringify(value)) as Json) === undefined;
}

test.each([...plugins])('the gateway finds nothing wrong with plugin %s', (_name, plugin) => {
  expect(pluginErrors(plugin)).toEqual([]);
});

describe('the plugin calendar fits its service', () => {
  const NOW = new Date('2026-11-30T10:00:00Z');
  let radicale: Radicale;
  let store: ReturnType<typeof storeAt>;
  beforeAll(async () => {
    radicale = await startRadicale();
    store = storeAt(
      settingsOf({
        ADAPTER_TOKEN_FILE: radicale.passwordFile,
        CALDAV_URL: radicale.url,
        CALDAV_USER: radicale.user,
        CALDAV_PASSWORD_FILE: radicale.passwordFile,
      }).dav,
    );
    await fill(store, NOW);
  }, 180_000);
  afterAll(() => radicale.stop());

  const NEW = {
    summary: 'Lunch',
    start: '2026-12-01T12:00:00+09:00',
    end: '2026-12-01T13:00:00.000Z',
    location: 'Room 1',
    description: 'Two\nlines',
  };

  test('its answers fit the output schemas', async () => {
    const made = await store.create('one', newEventOf(JSON.stringify(NEW)), NOW);
    const events = await store.events(rangeOf(new URLSearchParams({ days: '30' }), NOW));
    expect(events.length).toBeGreaterThan(4);
    expect(fits('create_event', 'output', made)).toBe(true);
    expect(fits('read_events', 'output', events)).toBe(true);
    const contacts = { contacts: await store.contacts() };
    expect(fits('export_contacts', 'output', contacts)).toBe(true);
    expect(fits('export_contacts', 'output', { contacts: [{ name: 'x', salary: 1 }] })).toBe(false);
  });

  test.each<[string, unknown, boolean]>([
    ['create_event', NEW, true],
    ['create_event', { ...NEW, start: '2026-12-01' }, false],
    ['create_event', { ...NEW, attendees: [] }, false],
    ['create_event', { summary: 'x' }, false],
    ['read_events', {}, true],
    ['read_events', { days: 7 }, true],
    ['read_events', { days: 0 }, false],
    ['read_events', { days: 7.5 }, false],
    ['read_events', { from: NEW.start, to: NEW.end }, true],
    // As isoformat() of Python writes it.
    ['read_events', { from: '2026-12-01T09:30:00.123456+00:00' }, true],
    ['read_events', { from: 'tomorrow' }, false],
    ['export_contacts', {}, true],
    ['export_contacts', { all: true }, false],
  ])('%s with %j: the input schema lets it pass: %j', (operation, args, passes) => {
    expect(fits(operation, 'input', args)).toBe(passes);
  });

  test('what is blanked is there', async () => {
    const { redact } =
      plugins.get('calendar')?.spec.operations.find(({ name }) => name === 'export_contacts') ?? {};
    const [contact] = await store.contacts();
    expect(redact).toEqual(['/contacts/*/mail', '/contacts/*/phone']);
    expect(contact).toMatchObject({ mail: expect.any(String), phone: expect.any(String) });
  });
});
