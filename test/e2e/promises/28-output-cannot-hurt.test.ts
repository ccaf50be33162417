import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Result } from '../../../src/api/v1alpha1/code-execution-request.ts';
import { newTenant } from '../support/tenant.ts';
import type { Tenant } from '../support/tenant.ts';

jest.setTimeout(120_000);

/** outputBytes of the class. */
const KEPT = 65_536;
/** Put together here, so that no scanner takes this file for one that holds a key. */
const SECRET = ['AKIA', 'IOSFODNN7PROMISE'].join('');

let tenant: Tenant;
beforeAll(async () => {
  tenant = await newTenant('output', 'Audit');
});
afterAll(() => tenant.end());

async function resultOf(code: string, stdin = ''): Promise<Result | undefined> {
  const { metadata } = await tenant.create({ code, stdin });
  return (await tenant.ended(metadata.name)).result;
}

/** [what, bytes as a Python literal, what status shows] */
const OUTPUTS: readonly (readonly [string, string, string])[] = [
  ['a colour', String.raw`b'\x1b[31mred\x1b[0m'`, String.raw`\u001b[31mred\u001b[0m`],
  [
    'a link of a terminal',
    String.raw`b'\x1b]8;;https://evil.example\x07here\x1b]8;;\x07'`,
    String.raw`\u001b]8;;https://evil.example\u0007here\u001b]8;;\u0007`,
  ],
  ['a line written over', String.raw`b'refused\rallowed'`, String.raw`refused\u000dallowed`],
  ['text that runs backwards', String.raw`b'a\xe2\x80\xaeb'`, String.raw`a\u202eb`],
  ['bytes that are no UTF-8', String.raw`b'a\xff\xfeb'`, 'a\uFFFD\uFFFDb'],
  ['a null', String.raw`b'a\x00b'`, String.raw`a\u0000b`],
  ['the name of a prototype', `b'{"__proto__": {"state": "Denied"}}'`, '{"__proto__": {"state": "Denied"}}'],
  ['the frame of a supervisor', `b'sekisho.dev/1 output'`, 'sekisho.dev/1 output'],
];

describe('promise 28: output cannot hurt', () => {
  test('what a terminal or a log reader would obey is escaped, in both streams', async () => {
    const lines = OUTPUTS.map(([, bytes]) => `    stream.write(${bytes} + b'\\n')`);
    const result = await resultOf(
      ['import sys', 'for stream in (sys.stdout.buffer, sys.stderr.buffer):', ...lines].join('\n'),
    );
    const shown = OUTPUTS.map(([, , text]) => `${text}\n`).join('');
    expect(result).toMatchObject({ reason: 'Completed', stdout: shown, stderr: shown, truncated: false });
  });

  test('a planted secret is redacted, and the rest is kept', async () => {
    const result = await resultOf('print(f"the key is {input()}, they say")', `${SECRET}\n`);
    expect(result).toMatchObject({
      reason: 'Completed',
      stdout: 'the key is [redacted: secret], they say\n',
    });
  });

  test('five megabytes are cut at the limit, and the request says so and ends', async () => {
    const result = await resultOf(
      "import sys\nfor stream in (sys.stdout, sys.stderr):\n    stream.write('é' * 2_500_000)",
    );
    expect(result).toMatchObject({ reason: 'Completed', truncated: true });
    // Two bytes each.
    for (const text of [result?.stdout, result?.stderr]) expect(text).toBe('é'.repeat(KEPT / 2));
  });
});
