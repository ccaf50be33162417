/** The adapter of examples/plugins/calendar in front of a real CalDAV server. */
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { fill } from '../../examples/plugins/calendar/seed.ts';
import { adapter } from '../../examples/plugins/calendar/server.ts';
import { settingsOf } from '../../examples/plugins/calendar/settings.ts';
import { storeAt } from '../../examples/plugins/calendar/store.ts';
import type { Radicale } from './radicale.ts';
import { startRadicale } from './radicale.ts';

// Interpreters and servers start slowly where much else is going on.
jest.setTimeout(60_000);

const NOW = new Date('2026-11-30T10:00:00Z');
const TOKEN = 'the token of the gateway';
/** The first time, radicale is installed. */
const START_MILLISECONDS = 180_000;

let radicale: Radicale;
let folder = '';
beforeAll(async () => {
  radicale = await startRadicale();
  folder = mkdtempSync(join(tmpdir(), 'adapter-'));
  writeFileSync(join(folder, 'token'), TOKEN);
  await fill(storeAt(settingsOf(environment()).dav), NOW);
}, START_MILLISECONDS);
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await radicale.stop();
});

const environment = (changes: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> => ({
  PORT: '0',
  ADAPTER_TOKEN_FILE: join(folder, 'token'),
  CALDAV_URL: radicale.url,
  CALDAV_USER: radicale.user,
  CALDAV_PASSWORD_FILE: radicale.passwordFile,
  ...changes,
});

let server: Server;
let logged: string[] = [];
async function start(changes: Readonly<Record<string, string>> = {}): Promise<void> {
  const { dav, token } = settingsOf(environment(changes));
  server = adapter({ store: storeAt(dav), token, now: () => NOW, log: (line) => logged.push(line) });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
}
beforeEach(async () => {
  logged = [];
  await start();
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const portOf = (): number => (server.address() as AddressInfo).port;

async function ask(path: string, { token = TOKEN, ...init }: RequestInit & { token?: string } = {}) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const response = await fetch(`http://127.0.0.1:${portOf()}${path}`, { ...init, headers });
  return { status: response.status, body: await response.json() };
}
const post = (body: unknown) =>
  ask('/events', { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) });

const MEETING = {
  summary: '打ち合わせ; with, commas\\',
  start: '2026-12-03T09:30:00+09:00',
  end: '2026-12-03T10:30:00+09:00',
  location: '会議室 1',
  description: 'First line.\nSecond line.',
};

describe('events', () => {
  test('a new event is in the CalDAV store, and is read back', async () => {
    const made = await post(MEETING);
    const times = { start: '2026-12-03T00:30:00Z', end: '2026-12-03T01:30:00Z' };
    expect(made).toEqual({ status: 200, body: { ...MEETING, ...times, id: expect.any(String) } });
    const { id } = made.body as { readonly id: string };
    const [stored] = radicale.stored('work').filter((one) => one.includes(`UID:${id}`));
    expect(stored).toContain('SUMMARY:打ち合わせ\\; with\\, commas\\\\');
    expect(stored).toContain('DTSTART:20261203T003000Z');
    const { body } = await ask('/events?from=2026-12-03T00:00:00Z&to=2026-12-04T00:00:00Z');
    expect(body).toContainEqual({ ...MEETING, ...times, id });
  });

  test('times are whole seconds at once, as they will be read back', async () => {
    const made = await post({
      ...MEETING,
      start: '2027-02-03T00:30:00.900Z',
      end: '2027-02-03T01:30:00.123456Z',
    });
    expect(made).toMatchObject({ body: { start: '2027-02-03T00:30:00Z', end: '2027-02-03T01:30:00Z' } });
    expect(await ask('/events?from=2027-02-03T00:00:00Z&days=1')).toMatchObject({ body: [made.body] });
  });

  test('what lies in the range is told, in order, and nothing else', async () => {
    const { status, body } = await ask('/events?from=2026-11-30T10:00:00Z&days=3');
    expect(status).toBe(200);
    expect((body as readonly { readonly summary: string }[]).map(({ summary }) => summary)).toEqual([
      'Stand-up',
      '設計レビュー',
      expect.stringContaining('打ち合わせ'),
    ]);
    expect(await ask('/events?from=2026-11-30T10:00:00.123456%2B00:00&days=1')).toMatchObject({
      body: [{ summary: 'Stand-up' }],
    });
  });

  test('an event that repeats is told each time, in its own zone, and changed as it was changed', async () => {
    const lines = [
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'PRODID:-//test//EN',
      'BEGIN:VTIMEZONE',
      'TZID:Asia/Tokyo',
      'BEGIN:STANDARD',
      'DTSTART:19700101T000000',
      'TZOFFSETFROM:+0900',
      'TZOFFSETTO:+0900',
      'END:STANDARD',
      'END:VTIMEZONE',
      'BEGIN:VEVENT',
      'UID:weekly',
      'DTSTAMP:20270101T000000Z',
      'DTSTART;TZID=Asia/Tokyo:20270104T090000',
      'DTEND;TZID=Asia/Tokyo:20270104T100000',
      'RRULE:FREQ=WEEKLY',
      'EXDATE;TZID=Asia/Tokyo:20270118T090000',
      'SUMMARY:Weekly',
      'END:VEVENT',
      'BEGIN:VEVENT',
      'UID:weekly',
      'DTSTAMP:20270101T000000Z',
      'RECURRENCE-ID;TZID=Asia/Tokyo:20270111T090000',
      'DTSTART;TZID=Asia/Tokyo:20270111T150000',
      'DTEND;TZID=Asia/Tokyo:20270111T160000',
      'SUMMARY:Weekly\\, moved',
      'END:VEVENT',
      'END:VCALENDAR',
      '',
    ];
    radicale.put('work', 'weekly.ics', lines.join('\r\n'));
    const { body } = await ask('/events?from=2027-01-01T00:00:00Z&to=2027-02-01T00:00:00Z');
    expect(body).toMatchObject([
      { id: 'weekly', summary: 'Weekly', start: '2027-01-04T00:00:00Z', end: '2027-01-04T01:00:00Z' },
      { id: 'weekly', summary: 'Weekly, moved', start: '2027-01-11T06:00:00Z' },
      { id: 'weekly', summary: 'Weekly', start: '2027-01-25T00:00:00Z' },
    ]);
  });

  test('a day is told as a day', async () => {
    const lines = ['BEGIN:VEVENT', 'UID:day', 'DTSTAMP:20270101T000000Z', 'DTSTART;VALUE=DATE:20270401'];
    const whole = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:x', ...lines, 'SUMMARY:Holiday', 'END:VEVENT'];
    radicale.put('work', 'day.ics', [...whole, 'END:VCALENDAR', ''].join('\r\n'));
    expect(await ask('/events?from=2027-03-31T00:00:00Z&days=3')).toMatchObject({
      body: [{ summary: 'Holiday', start: '2027-04-01', end: '2027-04-02' }],
    });
  });
});

test('contacts are told with mail and phone', async () => {
  expect(await ask('/contacts')).toEqual({
    status: 200,
    body: {
      contacts: [
        { name: 'Ada Byron', mail: 'ada@example.org', phone: '+44-20-7946-0103', organisation: 'Engines' },
        { name: '佐藤 太郎', mail: 'taro@example.com', phone: '+81-3-5550-0102', organisation: 'Example' },
        { name: '田中 花子', mail: 'hanako@example.com', phone: '+81-3-5550-0101', organisation: 'Example' },
      ],
    },
  });
});

test('filling it a second time changes nothing', async () => {
  const before = [...radicale.stored('work'), ...radicale.stored('people')].toSorted();
  await fill(storeAt(settingsOf(environment()).dav), NOW);
  expect([...radicale.stored('work'), ...radicale.stored('people')].toSorted()).toEqual(before);
});

describe('what is wrong is said, and changes nothing', () => {
  test.each([
    ['/events?days=0', 'days: '],
    ['/events?days=367', 'days: '],
    ['/events?days=x', 'days: '],
    ['/events?days=1&days=2', 'the request: names a parameter twice'],
    ['/events?colour=red', 'the request: '],
    ['/events?from=tomorrow', 'from: must be a time with its offset'],
    ['/events?from=2026-12-01T00:00:00', 'from: must be a time with its offset'],
    ['/events?days=3&to=2026-12-01T00:00:00Z', 'to: give either days or to'],
    ['/events?to=2026-11-30T09:00:00Z', 'to: must be after from'],
    ['/events?to=2028-11-30T09:00:00Z', 'to: must be at most 366 days after from'],
  ])('GET %s', async (path, message) => {
    expect(await ask(path)).toEqual({ status: 400, body: { error: expect.stringContaining(message) } });
  });

  test.each<[string, unknown, string]>([
    ['no JSON', '{', 'the request: is no JSON'],
    ['no object', [], 'the request: '],
    ['no summary', { ...MEETING, summary: ' ' }, 'summary: '],
    [
      'a line break in the summary',
      { ...MEETING, summary: 'a\r\nATTENDEE:x' },
      'summary: must not hold control',
    ],
    ['a summary that is too long', { ...MEETING, summary: 'x'.repeat(257) }, 'summary: '],
    ['an unknown field', { ...MEETING, attendees: ['x'] }, 'the request: '],
    ['an end before its start', { ...MEETING, end: MEETING.start }, 'end: must be after start'],
    ['a long event', { ...MEETING, end: '2027-02-03T10:30:00Z' }, 'end: must be at most 31 days'],
    ['a start without offset', { ...MEETING, start: '2026-12-03T09:30:00' }, 'start: must be a time'],
    ['too many bytes', { ...MEETING, description: 'x'.repeat(70_000) }, 'has more than 65536 bytes'],
  ])('POST of %s', async (_what, body, message) => {
    const before = radicale.stored('work').length;
    expect(await post(body)).toEqual({ status: 400, body: { error: expect.stringContaining(message) } });
    expect(radicale.stored('work')).toHaveLength(before);
  });

  test.each([
    ['GET', '/'],
    ['DELETE', '/events'],
    ['POST', '/contacts'],
    ['GET', '/events/../contacts/x'],
  ])('%s %s is no operation', async (method, path) => {
    expect(await ask(path, { method })).toMatchObject({ status: 404 });
  });
});

describe('the token', () => {
  test.each([['another'], [''], [`${TOKEN} `], [TOKEN.toUpperCase()]])(
    '%j does not open it',
    async (token) => {
      expect(await ask('/contacts', { token })).toMatchObject({ status: token === `${TOKEN} ` ? 200 : 401 });
    },
  );

  test('calls are counted by operation, and those without the token by themselves', async () => {
    await ask('/events?days=1');
    await ask('/events?days=0');
    await ask('/contacts', { token: 'another' });
    await ask('/calls', { token: 'another' });
    await ask('/nothing');
    expect(await ask('/calls')).toEqual({ status: 200, body: { 'GET /events': 2, refused: 2 } });
  });

  test('health is told to everybody', async () => {
    expect(await ask('/healthz', { token: '' })).toEqual({ status: 200, body: { ok: true } });
  });

  test('it is read anew: a new one counts at once', async () => {
    writeFileSync(join(folder, 'token'), 'renewed\n');
    try {
      expect(await ask('/contacts', { token: 'renewed' })).toMatchObject({ status: 200 });
      expect(await ask('/contacts')).toMatchObject({ status: 401 });
    } finally {
      writeFileSync(join(folder, 'token'), TOKEN);
    }
  });
});

describe('a calendar server that fails', () => {
  test.each([
    ['is not there', { CALDAV_URL: 'http://127.0.0.1:9/' }],
    ['knows another password', { CALDAV_USER: 'somebody' }],
    ['has no such calendar', { CALDAV_CALENDAR: 'none' }],
  ])('%s: 502, and the log says why without what was said', async (_what, changes) => {
    await new Promise((resolve) => server.close(resolve));
    await start(changes);
    expect(await post(MEETING)).toEqual({
      status: 502,
      body: { error: 'the calendar server cannot be asked' },
    });
    expect(logged).toHaveLength(1);
    expect(logged.join()).not.toMatch(/打ち合わせ|password of this test/);
  });
});

/** A calendar server that answers everything in one way. */
async function withServer(answer: RequestListener, use: (url: string) => Promise<void>): Promise<void> {
  const other = createServer(answer);
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  try {
    await use(`http://127.0.0.1:${(other.address() as AddressInfo).port}/`);
  } finally {
    other.closeAllConnections();
    await new Promise((resolve) => other.close(resolve));
  }
}

test('a calendar server that leads away is not followed', async () => {
  const reached: string[] = [];
  const elsewhere: RequestListener = (request, response) => {
    reached.push(`${request.method} ${request.headers.authorization}`);
    response.end();
  };
  await withServer(elsewhere, async (target) => {
    const lead: RequestListener = (_request, response) =>
      response.writeHead(301, { location: `${target}dav/` }).end();
    await withServer(lead, async (url) => {
      await new Promise((resolve) => server.close(resolve));
      await start({ CALDAV_URL: url });
      expect(await ask('/contacts')).toMatchObject({ status: 502 });
    });
  });
  expect(reached).toEqual([]);
});

test('a calendar server that hangs is given up', async () => {
  await withServer(
    () => undefined,
    async (url) => {
      await new Promise((resolve) => server.close(resolve));
      await start({ CALDAV_URL: url, CALDAV_TIMEOUT_MILLISECONDS: '100' });
      expect(await ask('/contacts')).toMatchObject({ status: 502 });
    },
  );
});

test('a request that is broken off does not end the adapter', async () => {
  const socket = connect(portOf(), '127.0.0.1').resume();
  socket.end(
    `POST /events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Length: 99\r\n\r\n{`,
  );
  await new Promise((resolve) => socket.once('close', resolve));
  expect(await ask('/healthz')).toMatchObject({ status: 200 });
});

describe('the program', () => {
  const MAIN = 'examples/plugins/calendar/main.ts';
  let child: ChildProcess | undefined;
  afterEach(() => {
    child?.kill('SIGKILL');
  });

  test(
    'it fills the calendar, serves, and ends when it is told',
    async () => {
      const env = { PATH: process.env['PATH'], ...environment() };
      const filled = spawnSync(process.execPath, [MAIN, 'fill'], { env, encoding: 'utf8' });
      expect([filled.status, filled.stdout, filled.stderr]).toEqual([0, 'calendar-adapter: filled\n', '']);
      const serving = spawn(process.execPath, [MAIN], { env });
      child = serving;
      const errors = text(serving.stderr);
      let port: string | undefined;
      for await (const line of createInterface({ input: serving.stdout })) {
        port = /"port":(\d+)/.exec(line)?.[1];
        if (port) break;
      }
      const response = await fetch(`http://127.0.0.1:${port}/contacts`, {
        headers: { authorization: `Bearer ${TOKEN}` },
      });
      expect(response.status).toBe(200);
      await response.text();
      serving.kill('SIGTERM');
      expect(await new Promise((resolve) => serving.once('exit', resolve))).toBe(0);
      expect(await errors).toBe('');
    },
    START_MILLISECONDS,
  );

  test.each([['ADAPTER_TOKEN_FILE'], ['CALDAV_URL'], ['CALDAV_USER'], ['CALDAV_PASSWORD_FILE']])(
    'without %s it does not start',
    (name) => {
      expect(() => settingsOf({ ...environment(), [name]: '' })).toThrow(`${name} must be set`);
    },
  );
});
