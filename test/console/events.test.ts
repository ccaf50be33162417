/** Changes that come to an open page, out of a watch with the token of its reader. */
import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '../support/eventually.ts';
import { signedIn, startConsole } from './serving.ts';
import type { TestConsole } from './serving.ts';
import { aStored } from './tokens-api.ts';

let given: TestConsole;
beforeEach(async () => {
  given = await startConsole();
});
afterEach(() => given.close());

/** An open stream and what came over it so far. */
async function open(query = 'resourceVersion=7', token = 'good') {
  const response = await new Promise<IncomingMessage>((done, fail) => {
    const path = `/api/events?${query}`;
    const request = httpRequest({
      host: '127.0.0.1',
      port: given.port,
      path,
      agent: false,
      headers: signedIn(token),
    });
    request.on('response', done);
    request.on('error', fail);
    request.end();
  });
  const received = { text: '', isOver: false };
  response.setEncoding('utf8').on('data', (part: string) => (received.text += part));
  response.on('close', () => (received.isOver = true));
  response.on('error', () => undefined);
  return {
    status: response.statusCode,
    headers: response.headers,
    received,
    close: () => response.destroy(),
  };
}
const changes = (text: string): readonly unknown[] =>
  text
    .split('\n\n')
    .filter((event) => event.startsWith('data: '))
    .map((event) => JSON.parse(event.slice(6)) as unknown);
const isOpen = () => eventually(() => given.api.watches.size === 1, { what: 'the watch is open' });

test('a page is told what appears, changes and goes, and how far the watch is', async () => {
  const { status, headers, received } = await open();
  expect([status, headers['content-type']]).toEqual([200, 'text/event-stream']);
  expect(headers['content-security-policy']).toBeDefined();
  await isOpen();
  given.api.tell('ADDED', aStored('one'));
  given.api.tell('DELETED', aStored('weekly'));
  given.api.tell('BOOKMARK', { metadata: { resourceVersion: '99' } });
  await eventually(() => changes(received.text).length === 3, { what: 'three changes' });
  expect(changes(received.text)).toMatchObject([
    { kind: 'row', row: { name: 'one' }, resourceVersion: '7' },
    { kind: 'gone', row: { name: 'weekly' } },
    { kind: 'place', resourceVersion: '99' },
  ]);
  // A row and nothing of the program: a list must not carry what it does not show.
  expect(received.text).not.toContain('print(admin)');
});

test('the watch is the caller’s, of what waits or of one request', async () => {
  const first = await open('namespace=team-a&name=weekly&resourceVersion=7');
  await isOpen();
  const watch = given.api.seen.at(-1);
  expect(watch?.headers.authorization).toBe('Bearer good');
  const { pathname, searchParams } = new URL(watch?.url ?? '', 'http://api');
  expect(pathname).toBe('/apis/sekisho.dev/v1alpha1/namespaces/team-a/codeexecutionrequests');
  expect(Object.fromEntries(searchParams)).toMatchObject({
    fieldSelector: 'metadata.name=weekly',
    timeoutSeconds: '50',
  });
  first.close();
});

test('a page that goes away ends the watch', async () => {
  const { close } = await open();
  await isOpen();
  close();
  await eventually(() => given.api.watches.size === 0, { what: 'the watch is ended' });
});

test('a place that is lost is told, and ends the stream', async () => {
  const { received } = await open();
  await isOpen();
  given.api.tell('ERROR', { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' });
  await eventually(() => received.isOver, { what: 'the stream is over' });
  expect(changes(received.text)).toEqual([{ kind: 'lost' }]);
});

test('who may not watch is told so, before any stream', async () => {
  const { status } = await open('resourceVersion=7', 'wrong');
  expect(status).toBe(401);
});

describe('bounds', () => {
  test('one token opens eight streams at most; a closed one makes room', async () => {
    const streams = await Promise.all(Array.from({ length: 8 }, () => open()));
    await eventually(() => given.api.watches.size === 8, { what: 'all watches are open' });
    expect((await open()).status).toBe(429);
    expect((await open('resourceVersion=7', 'better')).status).toBe(200);
    streams[0]?.close();
    await eventually(async () => (await open()).status === 200, { what: 'there is room again' });
  });
  test('a reader that does not read is cut off', async () => {
    const path = '/api/events?resourceVersion=7';
    const response = await new Promise<IncomingMessage>((done) => {
      httpRequest(
        { host: '127.0.0.1', port: given.port, path, agent: false, headers: signedIn() },
        done,
      ).end();
    });
    response.on('error', () => undefined);
    response.pause();
    await isOpen();
    await eventually(
      () => {
        for (let index = 0; index < 200; index += 1)
          given.api.tell('ADDED', aStored(`r-${index}`, { requester: { username: 'x'.repeat(5000) } }));
        return given.api.watches.size === 0;
      },
      { what: 'the watch is ended' },
    );
    response.destroy();
  });
});
