import { afterEach, expect, test } from '@jest/globals';
import { start, type ReadinessCheck } from '../../src/telemetry/health.ts';

let running: Awaited<ReturnType<typeof start>> | undefined;
afterEach(() => running?.close());

async function get(path: string, checks: readonly ReadinessCheck[] = [], method = 'GET') {
  running ??= await start({
    address: '127.0.0.1',
    port: 0,
    checks,
    metrics: { render: async () => 'a_metric 1\n', contentType: 'text/plain; version=0.0.4' },
  });
  const response = await fetch(`http://127.0.0.1:${running.port}${path}`, { method });
  const page = {
    status: response.status,
    text: await response.text(),
    type: response.headers.get('content-type'),
  };
  await running.close();
  running = undefined;
  return page;
}

test('lives', async () => {
  expect(await get('/healthz')).toMatchObject({ status: 200, text: 'ok\n' });
});

test('is ready when all checks hold, and lists them', async () => {
  const checks = [
    { name: 'informers', check: () => true as const },
    { name: 'worker', check: async () => true as const },
  ];
  expect(await get('/readyz?verbose', checks)).toMatchObject({
    status: 200,
    text: '[+] informers ok\n[+] worker ok\nready\n',
  });
});

test('is not ready when one does not, and tells which and why', async () => {
  const checks: ReadinessCheck[] = [
    { name: 'informers', check: () => 'jobs is stale' },
    {
      name: 'worker',
      check: () => {
        throw new Error('gone');
      },
    },
    { name: 'server', check: () => true },
    { name: 'hanging', check: () => new Promise(() => {}) },
  ];
  const { status, text } = await get('/readyz', checks);
  expect(status).toBe(503);
  expect(text).toBe(
    '[-] informers failed: jobs is stale\n[-] worker failed: gone\n[+] server ok\n[-] hanging failed: no answer within 2000 ms\nnot ready\n',
  );
});

test('serves metrics, refuses what it does not know', async () => {
  expect(await get('/metrics')).toEqual({
    status: 200,
    text: 'a_metric 1\n',
    type: 'text/plain; version=0.0.4',
  });
  expect((await get('/secrets')).status).toBe(404);
  expect((await get('/healthz', [], 'POST')).status).toBe(405);
});

test('says when its port is taken', async () => {
  running = await start({ address: '127.0.0.1', port: 0, checks: [] });
  await expect(start({ address: '127.0.0.1', port: running.port, checks: [] })).rejects.toThrow('EADDRINUSE');
});
