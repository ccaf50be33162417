/** The modules that programs load, run by the interpreters against a gateway that answers as it is told. */
import { spawnSync } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Language } from '../../src/api/v1alpha1/names.ts';
import { REFUSALS } from '../../src/gateway/refusal.ts';
import { clientFilesOf } from '../../src/objects/client/files.ts';
import { INTERPRETERS } from '../../src/objects/interpreters.ts';
import { startProgram } from '../support/sandbox-program.ts';

// Interpreters start slowly where much else is going on.
jest.setTimeout(60_000);

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}
type Play = Answer | ((response: ServerResponse) => void);

interface Heard {
  readonly line: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const output = (value: unknown): Answer => ({ status: 200, body: JSON.stringify({ output: value }) });
const problem = (status: number, code: string, headers: Answer['headers'] = {}): Answer => ({
  status,
  headers: { 'content-type': 'application/problem+json', ...headers },
  body: JSON.stringify({ status, code, title: 'T', detail: `why ${code}` }),
});

let heard: Heard[] = [];
let plays: Play[] = [];
let directory = '';
let gateway = '';
async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await text(request);
  heard.push({ line: `${request.method} ${request.url}`, headers: request.headers, body });
  const play = plays.shift() ?? problem(404, 'BadTarget');
  if (typeof play === 'function') play(response);
  else response.writeHead(play.status, play.headers).end(play.body);
}
const server = createServer((request, response) => void answer(request, response));

beforeEach(async () => {
  heard = [];
  directory = mkdtempSync(join(tmpdir(), 'client-'));
  writeFileSync(join(directory, 'token'), 'first\n');
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  gateway = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  rmSync(directory, { recursive: true, force: true });
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** Starts a program beside its modules. Nobody listens at the proxy: whoever minds it reaches nothing. */
const begin = (language: Language, code: string, folder: string): ChildProcessWithoutNullStreams =>
  startProgram({
    language,
    code,
    folder,
    environment: {
      http_proxy: 'http://127.0.0.1:9',
      HTTP_PROXY: 'http://127.0.0.1:9',
      NODE_USE_ENV_PROXY: '1',
      ...surroundings(),
    },
  });

/** Runs a program to its end; answers what it prints, as JSON. */
async function run(language: Language, code: string): Promise<unknown> {
  const child = begin(language, code, directory);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  expect(stderr).toBe('');
  return JSON.parse(stdout) as unknown;
}

const surroundings = () => ({
  SEKISHO_GATEWAY: gateway,
  SEKISHO_TOKEN_FILE: join(directory, 'token'),
  SEKISHO_TIMEOUT_SECONDS: '600',
});

/** A program that makes a call and prints the answer, or what it caught. */
const python = (call: string): string => `
import json, sekisho
from sekisho import plugins
try:
    print(json.dumps({'output': ${call}}))
except sekisho.PluginError as error:
    print(json.dumps({'kind': type(error).__name__, 'refused': isinstance(error, sekisho.Refused), 'code': error.code,
                      'detail': error.detail, 'status': error.status}))
`;
const node = (call: string): string => `
import * as sekisho from 'sekisho';
const { plugins } = sekisho;
try {
  console.log(JSON.stringify({ output: await ${call} }));
} catch (error) {
  if (!(error instanceof sekisho.PluginError)) throw error;
  const { name: kind, code, detail, status } = error;
  console.log(JSON.stringify({ kind, refused: error instanceof sekisho.Refused, code, detail, status }));
}
`;

const READ: readonly (readonly [Language, string])[] = [
  ['Python', python('plugins.calendar.read_events(days=7)')],
  ['JavaScript', node('plugins.calendar.readEvents({ days: 7 })')],
  ['TypeScript', node('plugins.calendar.readEvents({ days: 7 } as { days: number })')],
];

/** The same call for each line of the standard input, which tells the environment: an interpreter starts slowly. */
const READERS: readonly (readonly [Language, string])[] = [
  [
    'Python',
    `
import json, os, sys, sekisho
from sekisho import plugins
for line in sys.stdin:
    os.environ.update(json.loads(line))
    sekisho.TIMEOUT_SECONDS = float(os.environ['SEKISHO_TIMEOUT_SECONDS'])
    try:
        print(json.dumps({'output': plugins.calendar.read_events(days=7)}))
    except sekisho.PluginError as error:
        print(json.dumps({'kind': type(error).__name__, 'refused': isinstance(error, sekisho.Refused),
                          'code': error.code, 'detail': error.detail, 'status': error.status}))
`,
  ],
  [
    'JavaScript',
    `
import { createInterface } from 'node:readline';
import { plugins, PluginError, Refused } from 'sekisho';
for await (const line of createInterface({ input: process.stdin })) {
  Object.assign(process.env, JSON.parse(line));
  try {
    console.log(JSON.stringify({ output: await plugins.calendar.readEvents({ days: 7 }) }));
  } catch (error) {
    if (!(error instanceof PluginError)) throw error;
    const { name: kind, code, detail, status } = error;
    console.log(JSON.stringify({ kind, refused: error instanceof Refused, code, detail, status }));
  }
}
`,
  ],
];

describe.each(READ)('%s', (language, read) => {
  test('a call reaches its operation with arguments and token, and brings the output', async () => {
    plays = [output([{ summary: '会議' }])];
    expect(await run(language, read)).toEqual({ output: [{ summary: '会議' }] });
    expect(heard).toMatchObject([
      {
        line: 'POST /v1/plugins/calendar/operations/read_events',
        headers: { authorization: 'Bearer first', 'content-type': 'application/json' },
        body: expect.stringMatching(/^\{"days": ?7\}$/),
      },
    ]);
  });
});

describe.each(READERS)('%s', (language, code) => {
  let reader: ChildProcessWithoutNullStreams;
  let answers: AsyncIterator<string>;
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'client-'));
    reader = begin(language, code, folder);
    answers = createInterface({ input: reader.stdout })[Symbol.asyncIterator]();
  });
  afterAll(() => {
    reader.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  async function read(environment: Readonly<Record<string, string>> = {}): Promise<unknown> {
    reader.stdin.write(`${JSON.stringify({ ...surroundings(), ...environment })}\n`);
    const { value } = (await answers.next()) as { readonly value: string };
    return JSON.parse(value) as unknown;
  }

  test.each([[null], [0], ['text'], [{ a: 1 }]])('an output of %j is handed over as it is', async (value) => {
    plays = [output(value)];
    expect(await read()).toEqual({ output: value });
  });

  test('a call that waits for a person is repeated, the very same, until it is decided', async () => {
    plays = [
      { status: 202, headers: { 'retry-after': '0' } },
      { status: 202, headers: { 'retry-after': '0' }, body: '{"status":"waiting"}' },
      output('done'),
    ];
    expect(await read()).toEqual({ output: 'done' });
    expect(heard).toHaveLength(3);
    expect(new Set(heard.map(({ line, body }) => `${line} ${body}`)).size).toBe(1);
  });

  test('it does not wait longer than it is told', async () => {
    plays = [{ status: 202, headers: { 'retry-after': '30' } }];
    expect(await read({ SEKISHO_TIMEOUT_SECONDS: '5' })).toMatchObject({
      kind: 'PluginError',
      code: 'TimedOut',
      refused: false,
    });
    expect(heard).toHaveLength(1);
  });

  test('the token is read anew for each call', async () => {
    plays = [
      (response) => {
        writeFileSync(join(directory, 'token'), 'second');
        response.writeHead(202, { 'retry-after': '0' }).end();
      },
      output(1),
    ];
    expect(await read()).toEqual({ output: 1 });
    expect(heard.map(({ headers }) => headers.authorization)).toEqual(['Bearer first', 'Bearer second']);
  });

  test('too many calls: it waits once as it is told', async () => {
    plays = [problem(429, 'RateLimited', { 'retry-after': '0' }), output(1)];
    expect(await read()).toEqual({ output: 1 });
  });

  test('too many calls, again: it gives up', async () => {
    plays = [1, 2, 3].map(() => problem(429, 'RateLimited', { 'retry-after': '0' }));
    expect(await read()).toMatchObject({
      kind: 'RateLimited',
      code: 'RateLimited',
      status: 429,
    });
    expect(heard).toHaveLength(2);
  });

  test('redirects are not followed', async () => {
    plays = [{ status: 307, headers: { location: `${gateway}/v1/plugins/other` } }, output('stolen')];
    expect(await read()).toMatchObject({ kind: 'PluginError', code: 'BadAnswer', status: 307 });
    expect(heard).toHaveLength(1);
  });

  test.each([
    ['no JSON', { status: 200, body: '<html>' }],
    ['JSON without an output', { status: 200, body: '[]' }],
    ['more bytes than a program shall hold', output('x'.repeat(8 * 1024 * 1024))],
    ['an error without a code', { status: 500, body: '[]' }],
    ['an error that is no JSON', { status: 500, body: 'oops' }],
  ])('%s is an error', async (_what, play) => {
    plays = [play];
    expect(await read()).toMatchObject({
      kind: 'PluginError',
      code: 'BadAnswer',
      refused: false,
    });
  });

  test('a gateway that says nothing is given up', async () => {
    plays = [() => undefined];
    expect(await read({ SEKISHO_TIMEOUT_SECONDS: '0.3' })).toMatchObject({ code: 'TimedOut' });
  });

  test('a gateway that never ends its answer is given up', async () => {
    plays = [
      (response) => {
        response.writeHead(200);
        const drip = setInterval(() => response.write(' '), 20);
        response.on('close', () => clearInterval(drip));
      },
    ];
    expect(await read({ SEKISHO_TIMEOUT_SECONDS: '0.3' })).toMatchObject({ code: 'TimedOut' });
  });

  test('a gateway that hangs up is told', async () => {
    plays = [(response) => response.destroy()];
    expect(await read()).toMatchObject({ kind: 'PluginError', code: 'Unreachable' });
  });

  test('without a gateway nothing was granted', async () => {
    expect(await read({ SEKISHO_GATEWAY: '' })).toMatchObject({ kind: 'NotGranted' });
  });

  test('without a token nothing is sent', async () => {
    rmSync(join(directory, 'token'));
    expect(await read()).toMatchObject({ kind: 'PluginError', code: 'NoToken' });
    expect(heard).toEqual([]);
  });
});

const CODES = Object.entries(REFUSALS).map(([name, { status }]) => ({ name, status }));

/** What a program catches for a code of the gateway; Refused for all others. */
const KINDS: Readonly<Record<string, string>> = {
  NotGranted: 'NotGranted',
  InputTooLarge: 'InputInvalid',
  InputInvalid: 'InputInvalid',
  InputRefused: 'InputInvalid',
  RateLimited: 'RateLimited',
  ApprovalDenied: 'ApprovalDenied',
  ApprovalUsed: 'ApprovalDenied',
  UpstreamForbidden: 'UpstreamFailed',
  UpstreamChanged: 'UpstreamFailed',
  UpstreamFailed: 'UpstreamFailed',
  UpstreamTimeout: 'UpstreamFailed',
  UpstreamBusy: 'UpstreamFailed',
  OutputTooLarge: 'UpstreamFailed',
  OutputInvalid: 'UpstreamFailed',
  OutputRefused: 'UpstreamFailed',
  Unavailable: 'Unavailable',
};

/** Makes as many calls as there are codes, in one program. */
const ALL: readonly (readonly [Language, string])[] = [
  [
    'Python',
    `
import json, sekisho
found = []
for _ in range(${CODES.length}):
    try:
        sekisho.plugins.calendar.read_events()
    except sekisho.Refused as error:
        found.append([type(error).__name__, error.code, error.detail, error.status, str(error)])
print(json.dumps(found))
`,
  ],
  [
    'JavaScript',
    `
import { plugins, Refused } from 'sekisho';
const found = [];
for (let i = 0; i < ${CODES.length}; i += 1) {
  await plugins.calendar.readEvents().catch((error) => {
    if (error instanceof Refused) found.push([error.name, error.code, error.detail, error.status, error.message]);
  });
}
console.log(JSON.stringify(found));
`,
  ],
];

test.each(ALL)('%s: each refusal of the gateway is an error of its kind', async (language, code) => {
  plays = CODES.flatMap(({ name, status }) =>
    // The client waits once and asks again.
    Array.from({ length: name === 'RateLimited' ? 2 : 1 }, () =>
      problem(status, name, { 'retry-after': '0' }),
    ),
  );
  expect(await run(language, code)).toEqual(
    CODES.map(({ name, status }) => [
      KINDS[name] ?? 'Refused',
      name,
      `why ${name}`,
      status,
      `${name}: why ${name}`,
    ]),
  );
});

describe('names', () => {
  const LISTED = [{ name: 'calendar', operations: [{ name: 'read_events' }] }];
  test.each<[Language, string]>([
    ['Python', python('plugins.list()')],
    ['JavaScript', node('plugins.list()')],
  ])('%s: list() tells what is granted', async (language, code) => {
    plays = [{ status: 200, body: JSON.stringify({ plugins: LISTED }) }];
    expect(await run(language, code)).toEqual({ output: LISTED });
    expect(heard).toMatchObject([
      { line: 'GET /v1/plugins', headers: { authorization: 'Bearer first' }, body: '' },
    ]);
  });

  test.each<[Language, string, string]>([
    ['Python', "plugins['my-plugin'].do_it()", 'my-plugin/operations/do_it'],
    ['Python', "plugins['list']['a/../b']()", 'list/operations/a%2F..%2Fb'],
    ['Python', "getattr(plugins, 'a?b#c d').x()", 'a%3Fb%23c%20d/operations/x'],
    ['JavaScript', "plugins['my-plugin'].do_it()", 'my-plugin/operations/do_it'],
    ['JavaScript', "plugins.mail['sendAllNow']()", 'mail/operations/send_all_now'],
    ['JavaScript', "plugins['..']['../x']()", '../operations/..%2Fx'],
  ])('%s: %s asks for %s', async (language, call, path) => {
    plays = [output(1)];
    expect(await run(language, (language === 'Python' ? python : node)(call))).toEqual({ output: 1 });
    expect(heard).toMatchObject([{ line: `POST /v1/plugins/${path}` }]);
  });

  test('JavaScript: a plugin can be awaited, printed and searched without a call', async () => {
    const code = `
      import { plugins } from 'sekisho';
      const calendar = await plugins.calendar;
      await calendar.read_events;
      console.log(JSON.stringify([JSON.stringify(calendar), \`\${String(calendar)}\`, Symbol.iterator in calendar]));`;
    expect(await run('JavaScript', code)).toEqual(['{}', '[object Object]', false]);
    expect(heard).toEqual([]);
  });

  test('JavaScript: an older program may require it', async () => {
    plays = [output(1)];
    const code = `require('sekisho').plugins.calendar.readEvents().then((found) => console.log(found));`;
    expect(await run('JavaScript', code)).toBe(1);
  });

  test('JavaScript: a call may bring its own time', async () => {
    plays = [{ status: 202, headers: { 'retry-after': '30' } }];
    const code = node('plugins.calendar.readEvents({}, { timeoutSeconds: 5 })');
    expect(await run('JavaScript', code)).toMatchObject({ code: 'TimedOut' });
  });

  test('Python: a plugin can be copied, printed and searched without a call', async () => {
    const code = `
import copy, json

from sekisho import plugins
print(json.dumps([repr(copy.copy(plugins.calendar)), hasattr(plugins, '__iter__'), hasattr(plugins.calendar, '_x')]))`;
    expect(await run('Python', code)).toEqual(['<plugin calendar>', false, false]);
    expect(heard).toEqual([]);
  });

  test('Python: a date goes as text, what is no JSON is refused before it is sent', async () => {
    plays = [output(1)];
    const at = "__import__('datetime').date(2026, 12, 1)";
    expect(await run('Python', python(`plugins.calendar.read_events(start=${at})`))).toEqual({ output: 1 });
    expect(heard).toMatchObject([{ body: '{"start": "2026-12-01"}' }]);
    for (const value of ['set()', "float('nan')"])
      expect(await run('Python', python(`plugins.calendar.read_events(x=${value})`))).toMatchObject({
        kind: 'InputInvalid',
      });
    expect(heard).toHaveLength(1);
  });
});

describe('the files', () => {
  test.each(Object.keys(INTERPRETERS) as Language[])('%s: they fit beside a program', (language) => {
    for (const { path, content } of clientFilesOf(language)) {
      expect(Buffer.byteLength(content)).toBeLessThan(8192);
      expect(content).toMatch(/^[\n\x20-\x7e]*$/);
      expect(path).toMatch(/^[a-z_.]+(\/[a-z_.]+)*$/);
    }
  });
  test('Bash has none', () => {
    expect(clientFilesOf('Bash')).toEqual([]);
  });
  test('Python 3.9 can read its own', () => {
    const [file] = clientFilesOf('Python');
    const { status, stderr } = spawnSync(
      'python3',
      ['-c', 'import ast, sys; ast.parse(sys.stdin.read(), feature_version=(3, 9))'],
      { input: file?.content ?? '', encoding: 'utf8' },
    );
    expect([status, stderr]).toEqual([0, '']);
  });
});
