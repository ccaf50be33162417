import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { MAX_STORED_BYTES } from '../../../src/api/v1alpha1/code-execution-request.ts';
import { kubectl, read } from '../support/kubectl.ts';
import { newTenant } from '../support/tenant.ts';
import type { Tenant } from '../support/tenant.ts';

jest.setTimeout(120_000);

/** Every byte becomes U+FFFD, three bytes: almost 400 KB of status. */
const LOUD = `
import sys
for stream in (sys.stdout.buffer, sys.stderr.buffer):
    stream.write(b'\\xff' * 70_000)
`;
/** What Kubernetes lets annotations have at most is 256 KiB. */
const annotations = { 'sekisho.test/large': 'a'.repeat(255_000) };

let tenant: Tenant;
beforeAll(async () => {
  tenant = await newTenant('too-large');
});
afterAll(() => tenant.end());

describe('promise 29: a status too large to store still ends', () => {
  // Both take six bytes where they are stored.
  test.each([
    ['control characters', '\u0001'],
    ['angle brackets', '<'],
  ])(
    'a request as large as may be, of %s: it ends, with as much output as there is room for',
    async (_what, one) => {
      const stdin = one.repeat(Math.floor((MAX_STORED_BYTES - 1000) / 6));
      const manifest = tenant.manifest({ code: LOUD, stdin }, { generateName: 'run-', annotations });
      const { metadata } = await read<{ metadata: { name: string } }>(
        [...tenant.flags, 'create', '-f', '-'],
        manifest,
      );
      const status = await tenant.ended(metadata.name);
      expect(status).toMatchObject({ state: 'Succeeded', result: { reason: 'Completed', truncated: true } });
      const { stdout = '', stderr = '' } = status.result ?? {};
      for (const text of [stdout, stderr]) expect(text).toMatch(/^\uFFFD{1000,60000}$/);
    },
  );

  test('a larger one is refused, with a sentence', async () => {
    const stdin = '<'.repeat(MAX_STORED_BYTES / 6);
    const { code, stderr } = await kubectl(
      [...tenant.flags, 'create', '-f', '-'],
      tenant.manifest({ stdin }),
    );
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/spec takes \d+ bytes where it is stored; at most/),
    ]);
  });
});
