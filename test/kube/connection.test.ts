import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { kubeconfigConnection } from '../../src/kube/connection.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sekisho-connection-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function kubeconfig(user: object, cluster: object = {}): string {
  const path = join(folder, 'kubeconfig');
  const config = {
    ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'x' },
    clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1:6443', ...cluster } }],
    users: [{ name: 'u', user: { token: 'secret', ...user } }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u', namespace: 'demo' } }],
  };
  writeFileSync(path, JSON.stringify(config));
  return path;
}

describe('a kubeconfig', () => {
  test('says where the API server is, and who calls', async () => {
    const connection = await kubeconfigConnection(kubeconfig({}));
    expect(connection).toMatchObject({ origin: 'https://127.0.0.1:6443', namespace: 'demo' });
    expect(await connection.authorization()).toBe('Bearer secret');
  });

  test.each([
    ['that impersonates', { as: 'alice' }, {}, 'sets as (impersonation)'],
    ['with a proxy', {}, { 'proxy-url': 'http://proxy:3128' }, 'sets proxy-url'],
  ])('%s is refused rather than read in part', async (_what, user, cluster, words) => {
    await expect(kubeconfigConnection(kubeconfig(user, cluster))).rejects.toThrow(words);
  });
});
