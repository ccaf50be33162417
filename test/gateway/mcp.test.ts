/** MCP clients as programs in sandboxes use them: the SDK of today, and that of before. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as OldTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { aPlugin, anOperation } from './support/plugins.ts';
import { TOKEN, aWorld, anUpstream, answerJson, call, closers, got } from './support/world.ts';
import type { World, WorldParts } from './support/world.ts';

const { add, closeAll } = closers();
afterEach(closeAll);

const OPERATIONS = [
  anOperation({ name: 'read_events', description: 'Events of the next days.' }),
  anOperation({ name: 'create_event', risk: 'Critical' }),
  anOperation({ name: 'export_contacts' }),
];

async function scene(parts: Partial<WorldParts> = {}, answer: unknown = { events: ['Lunch'] }) {
  const upstream = add(await anUpstream(answerJson(answer)));
  const plugin = aPlugin({ url: upstream.url, operations: OPERATIONS });
  const operations = ['read_events', 'create_event'];
  const grants = [{ name: 'calendar', uid: 'plugin-uid', revision: 'calendar@1', operations }];
  const world = add(await aWorld({ plugins: [plugin], ...parts, caller: { grants, ...parts.caller } }));
  return { upstream, world };
}

const requestInit = (token = TOKEN) => ({ headers: { authorization: `Bearer ${token}` } });

async function newClient({ url }: World, options: object = {}, token = TOKEN): Promise<Client> {
  const client = new Client(
    { name: 'program', version: '1' },
    { versionNegotiation: { mode: 'auto' }, ...options },
  );
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit: requestInit(token) }),
  );
  return add(client);
}

async function oldClient({ url }: World, token = TOKEN): Promise<OldClient> {
  const client = new OldClient({ name: 'program', version: '1' });
  const transport = new OldTransport(new URL(`${url}/mcp`), { requestInit: requestInit(token) });
  await client.connect(transport);
  return add(client);
}

describe.each([
  ['of 2026-07-28', (world: World) => newClient(world)],
  [
    'of the new SDK in the old revision',
    (world: World) => newClient(world, { versionNegotiation: { mode: 'legacy' } }),
  ],
  ['of the old SDK', (world: World) => oldClient(world)],
] as const)('a client %s', (_name, connect) => {
  test('lists exactly what is granted', async () => {
    const { world } = await scene();
    const { tools } = await (await connect(world)).listTools();
    expect(tools.map(({ name }) => name)).toEqual(['calendar.read_events', 'calendar.create_event']);
    expect(tools[0]).toMatchObject({
      description: 'Events of the next days.',
      inputSchema: { type: 'object', additionalProperties: false, properties: { days: { type: 'integer' } } },
    });
  });

  test('calls it', async () => {
    const { world, upstream } = await scene();
    const client = await connect(world);
    const result = await client.callTool({ name: 'calendar.read_events', arguments: { days: 7 } });
    expect(result).toMatchObject({
      content: [{ type: 'text', text: '{"events":["Lunch"]}' }],
      structuredContent: { events: ['Lunch'] },
    });
    expect(upstream.heard).toMatchObject([{ body: '{"days":7}' }]);
    expect(world.events.map(({ outcome }) => outcome)).toEqual(['About', 'Done']);
  });

  test.each([
    ['what is not granted', 'calendar.export_contacts', {}, 'NotGranted'],
    ['what is not there', 'mail.send', {}, 'NotGranted'],
    ['a name in upper case', 'Calendar.read_events', {}, 'BadTarget'],
    ['a name with two underscores', 'calendar__read_events', {}, 'BadTarget'],
    ['a full-width name', 'ｃalendar.read_events', {}, 'BadTarget'],
    ['an encoded name', 'calendar%2eread_events', {}, 'BadTarget'],
    ['arguments that do not fit', 'calendar.read_events', { weeks: 1 }, 'InputInvalid'],
    ['a secret', 'calendar.read_events', { note: `AKIA${'ABCDEFGH'.repeat(2)}` }, 'InputRefused'],
    ['arguments that are too large', 'calendar.read_events', { note: 'a'.repeat(70_000) }, 'InputTooLarge'],
  ])('is refused %s: %s', async (_what, name, args, code) => {
    const { world, upstream } = await scene();
    const client = await connect(world);
    const result = await client.callTool({ name, arguments: args });
    expect(result).toMatchObject({ isError: true, structuredContent: { code } });
    expect(upstream.heard).toEqual([]);
  });

  test('is told to come back when a person must approve', async () => {
    const { world, upstream } = await scene();
    const client = await connect(world);
    const result = await client.callTool({ name: 'calendar.create_event', arguments: {} });
    expect(result).toMatchObject({
      isError: true,
      structuredContent: { code: 'WaitingForApproval', retryAfterSeconds: 5 },
    });
    expect(world.approvals).toHaveLength(1);
    expect(upstream.heard).toEqual([]);
  });

  test('with another token gets nowhere', async () => {
    const { world } = await scene();
    await expect(connect({ ...world, url: `${world.url}/x` })).rejects.toThrow();
  });
});

test.each(['new', 'old'])('a token of somebody else: the %s client cannot even connect', async (which) => {
  const { world } = await scene();
  const connecting = which === 'new' ? newClient(world, {}, 'other') : oldClient(world, 'other');
  await expect(connecting).rejects.toThrow();
});

describe('a client that can ask its user waits in the call', () => {
  async function asking(action: 'accept' | 'decline', world: World) {
    const asked: string[] = [];
    const client = await newClient(world, { capabilities: { elicitation: { form: {} } } });
    client.setRequestHandler('elicitation/create', (request) => {
      asked.push(request.params.message);
      return action === 'accept' ? { action, content: {} } : { action };
    });
    return { asked, client };
  }

  test('until it is approved', async () => {
    let asks = 0;
    const { world, upstream } = await scene({
      ports: { approval: () => Promise.resolve((asks += 1) < 3 ? 'Waiting' : 'Given') },
    });
    const { asked, client } = await asking('accept', world);
    const result = await client.callTool({ name: 'calendar.create_event', arguments: { days: 1 } });
    expect(result.isError).toBeUndefined();
    expect(asked).toHaveLength(2);
    expect(asked[0]).toContain('A person has to approve this call.');
    expect(upstream.heard).toMatchObject([{ body: '{"days":1}' }]);
  });

  test('or not', async () => {
    const { world, upstream } = await scene();
    const { client } = await asking('decline', world);
    const result = await client.callTool({ name: 'calendar.create_event', arguments: {} });
    expect(result).toMatchObject({ isError: true, structuredContent: { code: 'WaitingForApproval' } });
    expect(upstream.heard).toEqual([]);
  });

  test('saying so itself approves nothing', async () => {
    const { world, upstream } = await scene();
    const { client } = await asking('accept', world);
    await expect(client.callTool({ name: 'calendar.create_event', arguments: {} })).rejects.toThrow();
    expect(upstream.heard).toEqual([]);
  });
});

describe('messages', () => {
  const post = async (world: World, raw: string, headers: object = {}) =>
    got(
      await fetch(`${world.url}/mcp`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          authorization: `Bearer ${TOKEN}`,
          ...headers,
        },
        body: raw,
      }),
    );
  const toolCall = (params: string) => `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${params}}`;

  test.each<[string, string, string]>([
    ['no JSON', '{', 'InputInvalid'],
    ['a batch', `[${toolCall('{"name":"calendar.read_events"}')}]`, 'BadRequest'],
    [
      'a method twice',
      '{"jsonrpc":"2.0","id":1,"method":"tools/list","method":"tools/call"}',
      'InputInvalid',
    ],
    [
      'a tool twice',
      toolCall('{"name":"calendar.export_contacts","name":"calendar.read_events"}'),
      'InputInvalid',
    ],
    ['__proto__', toolCall('{"name":"calendar.read_events","arguments":{"__proto__":{}}}'), 'InputInvalid'],
    [
      'too deep',
      toolCall(`{"name":"calendar.read_events","arguments":{"a":${'['.repeat(16)}${']'.repeat(16)}}}`),
      'InputInvalid',
    ],
    ['another version', '{"jsonrpc":"1.0","id":1,"method":"tools/list"}', 'BadRequest'],
    ['a response', '{"jsonrpc":"2.0","id":1,"result":{}}', 'BadRequest'],
    ['no object', '1', 'BadRequest'],
  ])('%s', async (_name, raw, code) => {
    const { world, upstream } = await scene();
    expect((await post(world, raw)).code).toBe(code);
    expect(upstream.heard).toEqual([]);
  });

  test.each([
    'resources/list',
    'subscriptions/listen',
    'completion/complete',
    'tasks/list',
    '__proto__',
    'x'.repeat(1000),
  ])('a method that is not served: %s', async (method) => {
    const { world } = await scene();
    const answer = await post(world, JSON.stringify({ jsonrpc: '2.0', id: 7, method, params: {} }));
    expect(answer.body).toEqual({
      jsonrpc: '2.0',
      id: 7,
      error: { code: -32_601, message: 'Method not found' },
    });
  });

  test('without a token are not read', async () => {
    const { world } = await scene();
    expect((await post(world, '{', { authorization: '' })).code).toBe('Unauthenticated');
  });

  test('a stream or a session are not offered', async () => {
    const { world } = await scene();
    for (const method of ['GET', 'DELETE']) {
      const answer = await got(
        await fetch(`${world.url}/mcp`, { method, headers: { authorization: `Bearer ${TOKEN}` } }),
      );
      expect(answer).toMatchObject({ status: 405, code: 'BadMethod' });
    }
  });

  test('of another origin are answered like any: there is no cookie here', async () => {
    const { world } = await scene();
    const answer = await post(world, '{"jsonrpc":"2.0","id":1,"method":"tools/list"}', {
      origin: 'https://evil.example.com',
      authorization: '',
    });
    expect(answer.code).toBe('Unauthenticated');
  });
});

test('both ways in share rate and budget', async () => {
  const upstream = add(await anUpstream(answerJson({})));
  const plugin = aPlugin({ url: upstream.url, operations: [anOperation({ maxCalls: 2 })] });
  const world = add(await aWorld({ plugins: [plugin] }));
  const client = await newClient(world);
  await call(world, {});
  await client.callTool({ name: 'calendar.read_events', arguments: {} });
  expect((await call(world, {})).code).toBe('BudgetExhausted');
  expect(await client.callTool({ name: 'calendar.read_events', arguments: {} })).toMatchObject({
    structuredContent: { code: 'BudgetExhausted' },
  });
  expect(upstream.heard).toHaveLength(2);
});
