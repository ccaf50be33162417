/** The console's server over real HTTP: what it answers, what it passes on with whose token, what it refuses. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '../support/eventually.ts';
import { signedIn, startConsole } from './serving.ts';
import type { Call, TestConsole } from './serving.ts';
import { aStored } from './tokens-api.ts';

let given: TestConsole;
beforeEach(async () => {
  given = await startConsole();
});
afterEach(() => given.close());

const DIGEST = `sha256:${'a'.repeat(64)}`;
const DECISION = { uid: 'uid-of-weekly', digest: DIGEST, decision: 'Approve', reason: 'Looked at it.' };
const deciding = (body: unknown = DECISION, headers: Call['headers'] = {}): Call => ({
  method: 'POST',
  path: '/api/requests/team-a/weekly/decision',
  headers: { ...signedIn(), 'content-type': 'application/json', ...headers },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
const approvals = () =>
  given.api.seen.filter(({ method, url }) => method === 'POST' && url.includes('/executionapprovals'));

describe('the page', () => {
  test('is sent with headers that allow nothing from elsewhere, nothing inline, no frame and no copy', async () => {
    const { status, headers, text } = await given.call({ path: '/' });
    expect([status, text]).toEqual([200, '<!doctype html>']);
    const policy = new Map(
      String(headers['content-security-policy'])
        .split('; ')
        .map((part) => [part.split(' ')[0], part.split(' ').slice(1).join(' ')]),
    );
    expect(Object.fromEntries(policy)).toEqual({
      'default-src': "'none'",
      'script-src': "'self'",
      'style-src': "'self'",
      'img-src': "'self'",
      'connect-src': "'self'",
      'frame-ancestors': "'none'",
      'form-action': "'none'",
      'base-uri': "'none'",
      'require-trusted-types-for': "'script'",
      'trusted-types': "'none'",
    });
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'x-frame-options': 'DENY',
      'cross-origin-opener-policy': 'same-origin',
    });
    expect(headers).not.toHaveProperty('x-powered-by');
    expect(headers).not.toHaveProperty('set-cookie');
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  });
  test('its script may be kept, since its name changes with it', async () => {
    const { headers } = await given.call({ path: '/main-ABCDEFGH.js' });
    expect(headers['cache-control']).toContain('immutable');
  });
  test.each([
    '/index.html',
    '/../package.json',
    '/main-ABCDEFGH.js/',
    '/%2e%2e/config.ts',
    '/api',
    '/API/session',
  ])('nothing else is served: %s', async (path) => {
    const { status, headers } = await given.call({ path, headers: signedIn() });
    expect(status).toBe(404);
    expect(headers['content-security-policy']).toContain("default-src 'none'");
  });
});

describe('who calls', () => {
  test('is whom the API server takes the token for', async () => {
    const { status, json } = await given.call({ path: '/api/session', headers: signedIn() });
    expect([status, json]).toEqual([200, { username: 'bob' }]);
    expect(given.api.seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer good']);
  });
  test('without a token nothing is asked of the API server, not even with the rights of the console', async () => {
    const { status, json } = await given.call({
      path: '/api/pending',
      headers: { 'sec-fetch-site': 'same-origin' },
    });
    expect([status, json]).toMatchObject([401, { kind: 'SignIn' }]);
    expect(given.api.seen).toEqual([]);
  });
  test.each([
    'Basic Z29vZDpnb29k',
    'Bearer',
    'Bearer two words',
    'Bearer a,b',
    `Bearer ${'a'.repeat(25_000)}`,
  ])('what is no bearer token is none: %.20s', async (authorization) => {
    const { status } = await given.call({ path: '/api/session', headers: { ...signedIn(), authorization } });
    expect(status).toBe(401);
    expect(given.api.seen).toEqual([]);
  });
  test('headers of the caller go no further: nobody is impersonated', async () => {
    const headers = { ...signedIn(), 'impersonate-user': 'admin', 'x-remote-user': 'admin', cookie: 'a=b' };
    await given.call({ path: '/api/pending', headers });
    const [sent] = given.api.seen;
    expect(Object.keys(sent?.headers ?? {}).toSorted()).toEqual(
      ['accept', 'authorization', 'connection', 'host', 'user-agent'].toSorted(),
    );
  });
  test('a token that the API server does not know is asked about once, and stands in no log', async () => {
    const { status, json } = await given.call({ path: '/api/session', headers: signedIn('wrong-token') });
    expect([status, json]).toMatchObject([401, { kind: 'SignIn' }]);
    expect(given.api.seen).toHaveLength(1);
    expect(JSON.stringify(given.logger.lines)).toContain('the API server refused a token');
    expect(JSON.stringify(given.logger.lines)).not.toContain('wrong-token');
  });
});

describe('tokens that are tried', () => {
  const tryWrong = async (count: number) => {
    for (let index = 0; index < count; index += 1)
      await given.call({ path: '/api/session', headers: signedIn(`wrong-${index}`) });
  };
  test('are not passed on after ten in a minute; a caller who was known goes on, and so does everybody a minute later', async () => {
    await given.call({ path: '/api/session', headers: signedIn('good') });
    await tryWrong(10);
    const asked = given.api.seen.length;
    expect(await given.call({ path: '/api/session', headers: signedIn('wrong') })).toMatchObject({
      status: 429,
      json: { kind: 'TooMany' },
    });
    expect(await given.call({ path: '/api/session', headers: signedIn('better') })).toMatchObject({
      status: 429,
    });
    expect(given.api.seen).toHaveLength(asked);
    expect(await given.call({ path: '/api/session', headers: signedIn('good') })).toMatchObject({
      status: 200,
    });
    given.pass(60_001);
    expect(await given.call({ path: '/api/session', headers: signedIn('better') })).toMatchObject({
      status: 200,
    });
  });
});

describe('reading', () => {
  test('the list asks for what waits, in one namespace or in all', async () => {
    const all = await given.call({ path: '/api/pending', headers: signedIn() });
    expect(all.json).toMatchObject({
      rows: [{ name: 'weekly', approvals: '0/1' }],
      isCut: false,
      resourceVersion: '7',
    });
    await given.call({ path: '/api/pending?namespace=team-a', headers: signedIn() });
    expect(given.api.seen.map(({ url }) => url.split('?')[0])).toEqual([
      '/apis/sekisho.dev/v1alpha1/codeexecutionrequests',
      '/apis/sekisho.dev/v1alpha1/namespaces/team-a/codeexecutionrequests',
    ]);
    expect(given.api.seen[0]?.url).toContain('fieldSelector=status.state%3DAwaitingApproval');
  });
  test('a request comes whole, with escapes told from text', async () => {
    const { json } = await given.call({ path: '/api/requests/team-a/weekly?locale=ja', headers: signedIn() });
    expect(json).toMatchObject({
      ...{ uid: 'uid-of-weekly', state: 'AwaitingApproval', lineCount: 2 },
      view: {
        digest: DIGEST,
        texts: [
          { title: 'main.py', lines: [["admin = 'al", { hidden: '\\u200b' }, "ice'"], ['print(admin)']] },
        ],
      },
    });
    expect(JSON.stringify(json)).toContain('依頼者');
  });
  describe('how it differs from what the reader approved before', () => {
    const path = '/api/requests/team-a/weekly/changes?locale=ja';
    const approval = (username: string) => ({
      metadata: { name: 'a', namespace: 'team-a', creationTimestamp: '2026-11-20T10:00:00Z' },
      spec: {
        requestRef: { name: 'older', uid: 'uid-of-older' },
        ...{ digest: DIGEST, decision: 'Approve', reason: 'Fine.', approver: { username } },
      },
    });
    test('is told line by line, for an approval of their own', async () => {
      given.api.stored.set('older', aStored('older', { code: "admin = 'al\u200bice'\nprint(1)\n" }));
      given.api.approvals.push(approval('bob'));
      const { json } = await given.call({ path, headers: signedIn() });
      expect(json).toMatchObject({
        since: {
          sentence: expect.stringContaining('older'),
          difference: { kind: 'Some', texts: [{ title: 'main.py' }] },
        },
      });
      expect(JSON.stringify(json)).toContain('{"mark":"+","pieces":["print(admin)"]}');
    });
    test('is not told of the approval of somebody else, nor without any', async () => {
      given.api.stored.set('older', aStored('older'));
      expect(await given.call({ path, headers: signedIn() })).toMatchObject({ status: 200, json: {} });
      given.api.approvals.push(approval('dave'));
      expect((await given.call({ path, headers: signedIn() })).json).toEqual({});
    });
    test('is left out where the reader may not read it', async () => {
      given.api.special.set('/apis/sekisho.dev/v1alpha1/namespaces/team-a/executionapprovals', (response) => {
        response.writeHead(403, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ kind: 'Status', reason: 'Forbidden', message: 'no' }));
      });
      expect(await given.call({ path, headers: signedIn() })).toMatchObject({ status: 200, json: {} });
    });
  });
  test('one that another version stored is not shown in part', async () => {
    given.api.stored.set('odd', aStored('odd', { language: 'Cobol' }));
    const { status, json } = await given.call({ path: '/api/requests/team-a/odd', headers: signedIn() });
    expect([status, json]).toMatchObject([422, { kind: 'Unreadable' }]);
  });
  test('what the API server forbids is told in its words', async () => {
    given.api.special.set('/apis/sekisho.dev/v1alpha1/codeexecutionrequests', (response) => {
      response.writeHead(403, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({ kind: 'Status', reason: 'Forbidden', message: 'bob\u200b may not list' }),
      );
    });
    const { status, json } = await given.call({ path: '/api/pending', headers: signedIn() });
    expect([status, json]).toEqual([403, { kind: 'Forbidden', message: 'bob\\u200b may not list' }]);
  });
  test.each([
    '/api/requests/team-a/nothing',
    '/api/requests/team-a/..%2f..%2fsecrets',
    '/api/requests/..%2f..%2fapi/secrets',
    '/api/requests/TEAM/weekly',
    '/api/pending?namespace=a%2Fb',
    '/api/pending?namespace=a&namespace=b',
    '/api/requests/team-a/weekly?locale=de',
    '/api/events?resourceVersion=x',
    '/api/secrets',
  ])('%s finds nothing, and asks for nothing but requests', async (path) => {
    const { status } = await given.call({ path, headers: signedIn() });
    expect([400, 404]).toContain(status);
    for (const { url } of given.api.seen) expect(url).toContain('/codeexecutionrequests/nothing');
  });
});

describe('deciding', () => {
  test('stores what was decided about what was shown, with the token of the caller', async () => {
    expect(await given.call(deciding())).toMatchObject({ status: 200 });
    const [sent] = approvals();
    expect(sent?.headers.authorization).toBe('Bearer good');
    expect(JSON.parse(sent?.body ?? '')).toEqual({
      apiVersion: 'sekisho.dev/v1alpha1',
      kind: 'ExecutionApproval',
      metadata: { generateName: 'weekly-', namespace: 'team-a' },
      spec: {
        requestRef: { name: 'weekly', uid: 'uid-of-weekly' },
        ...{ digest: DIGEST, decision: 'Approve', reason: 'Looked at it.' },
      },
    });
  });
  test('fields that are none of ours are left out: nobody names an approver', async () => {
    await given.call(
      deciding({ ...DECISION, approver: { username: 'dave' }, requestRef: { name: 'other' } }),
    );
    expect(approvals()[0]?.body).not.toMatch(/dave|other/);
  });
  test.each<readonly [string, Call, number]>([
    ['by another site', deciding(DECISION, { 'sec-fetch-site': 'cross-site' }), 403],
    ['by a sibling of the site', deciding(DECISION, { 'sec-fetch-site': 'same-site' }), 403],
    ['by an address typed in', deciding(DECISION, { 'sec-fetch-site': 'none' }), 403],
    [
      'with another origin, where the browser says no more',
      deciding(DECISION, { 'sec-fetch-site': undefined, origin: 'https://evil.example' }),
      403,
    ],
    ['with the origin of a frame', deciding(DECISION, { 'sec-fetch-site': undefined, origin: 'null' }), 403],
    ['by who says nothing of where they are', deciding(DECISION, { 'sec-fetch-site': undefined }), 403],
    ['as a form', deciding(DECISION, { 'content-type': 'application/x-www-form-urlencoded' }), 415],
    ['as text', deciding(DECISION, { 'content-type': 'text/plain' }), 415],
    ['without a type', deciding(DECISION, { 'content-type': undefined }), 415],
    ['without a token', deciding(DECISION, { authorization: undefined }), 401],
    ['with GET', { ...deciding(), method: 'GET', body: '' }, 404],
    ['with PUT', { ...deciding(), method: 'PUT' }, 405],
    ['with a body that is too long', deciding({ ...DECISION, reason: 'x'.repeat(20_000) }), 413],
    ['with a body that is packed', deciding(DECISION, { 'content-encoding': 'gzip' }), 415],
    ['with what is no JSON', deciding('{'), 400],
    ['with a list', deciding('[1]'), 400],
    ['with null', deciding('null'), 400],
    ['without a reason', deciding({ ...DECISION, reason: '' }), 400],
    ['with a digest that is none', deciding({ ...DECISION, digest: 'x' }), 400],
    ['with a decision that is none', deciding({ ...DECISION, decision: 'BreakGlass' }), 400],
    ['about a name that is none', { ...deciding(), path: '/api/requests/team-a/..%2fx/decision' }, 400],
  ])('is refused %s', async (_what, sent, status) => {
    expect((await given.call(sent)).status).toBe(status);
    expect(approvals()).toEqual([]);
  });
  test('works over plain HTTP, where only the origin tells', async () => {
    const origin = `http://127.0.0.1:${given.port}`;
    const sent = deciding(DECISION, { 'sec-fetch-site': undefined, origin });
    expect((await given.call(sent)).status).toBe(200);
  });
  test('what the webhook refuses is told in its words', async () => {
    given.api.special.set('/apis/sekisho.dev/v1alpha1/namespaces/team-a/executionapprovals', (response) => {
      response.writeHead(422, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ kind: 'Status', reason: 'Invalid', message: 'spec.digest is another' }));
    });
    expect(await given.call(deciding())).toMatchObject({
      status: 422,
      json: { kind: 'Refused', message: 'spec.digest is another' },
    });
  });
  test('the log tells that, and not by which token or for which reason', async () => {
    await given.call(deciding());
    const log = JSON.stringify(given.logger.lines);
    expect(log).toContain('"name":"weekly"');
    expect(log).not.toMatch(/good|Looked/);
  });
});

test('a read that another site asks for is not done either', async () => {
  const headers = { ...signedIn(), 'sec-fetch-site': 'cross-site' };
  expect((await given.call({ path: '/api/pending', headers })).status).toBe(403);
  expect(given.api.seen).toEqual([]);
});

test('an API server that is away is told as that, and no internal word', async () => {
  await given.api.close();
  const { status, json, text } = await given.call({ path: '/api/session', headers: signedIn() });
  expect([status, json]).toMatchObject([502, { kind: 'Unreachable' }]);
  expect(text).not.toMatch(/ at .*\.ts|stack/);
});

test('an exception is a 500 without a word of it; the log has it', async () => {
  given.api.special.set('/apis/authentication.k8s.io/v1/selfsubjectreviews', (response) => {
    response.writeHead(201, { 'content-type': 'application/json' });
    response.end('null');
  });
  const { status, text } = await given.call({ path: '/api/session', headers: signedIn() });
  expect(status).toBe(500);
  expect(text).not.toContain('null');
  expect(given.logger.lines.filter(({ level }) => level === 'error')).toHaveLength(1);
});

test('a list that grows too long is cut, and says so', async () => {
  for (let index = 0; index < 1001; index += 1) given.api.stored.set(`r-${index}`, aStored(`r-${index}`));
  const { json } = await given.call({ path: '/api/pending', headers: signedIn() });
  expect(json).toMatchObject({ isCut: true });
  expect((json as { rows: unknown[] }).rows).toHaveLength(1000);
  await eventually(() => given.api.watches.size === 0, { what: 'nothing stays open' });
});
