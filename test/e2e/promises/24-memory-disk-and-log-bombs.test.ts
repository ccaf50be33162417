import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { V1Node } from '@kubernetes/client-node';
import type { RequestStatus } from '../../../src/api/v1alpha1/code-execution-request.ts';
import { items } from '../support/kubectl.ts';
import { newTenant } from '../support/tenant.ts';
import type { Tenant } from '../support/tenant.ts';

jest.setTimeout(180_000);

/** outputBytes of the class. */
const KEPT = 65_536;

const MEMORY = `
kept = []
while True:
    kept.append(bytearray(1_000_000))
`;
/** Fills folders; all of them are in memory, and count as such. */
const fills = (...folders: readonly string[]) => `
import os
block = b'x' * 1_000_000
for folder in ${JSON.stringify(folders)}:
    try:
        with open(os.path.join(folder, 'bomb'), 'wb', buffering=0) as file:
            while True:
                file.write(block)
    except OSError as error:
        print(os.strerror(error.errno))
`;
const LOG = `
import sys
block = b'x' * 10_000_000
for _ in range(100):
    sys.stdout.buffer.write(block)
`;
const FILES = `
import os
for number in range(1_000_000):
    os.close(os.open('/workspace/%d' % number, os.O_CREAT))
`;

let tenant: Tenant;
beforeAll(async () => {
  tenant = await newTenant('bombs', 'Audit');
});
afterAll(() => tenant.end());

async function runsAs(code: string): Promise<RequestStatus> {
  const { metadata } = await tenant.create({ code });
  return tenant.ended(metadata.name, 120_000);
}

/** What nodes complain of. */
async function complaints(): Promise<readonly string[]> {
  const nodes = await items<V1Node>(['get', 'nodes']);
  return nodes.flatMap(({ metadata, status }) =>
    (status?.conditions ?? [])
      .filter((one) => one.status !== (one.type === 'Ready' ? 'True' : 'False'))
      .map(({ type, message }) => `${metadata?.name}: ${type}: ${message}`),
  );
}

describe('promise 24: memory, disk and log bombs are contained', () => {
  afterEach(async () => expect(await complaints()).toEqual([]));

  test('all memory', async () => {
    expect((await runsAs(MEMORY)).result).toMatchObject({ reason: 'OOMKilled' });
  });

  test('all of its scratch space', async () => {
    const { result } = await runsAs(fills('/workspace'));
    expect(result).toMatchObject({ reason: 'Completed', stdout: 'No space left on device\n' });
  });

  test('every place in which it may write', async () => {
    const { result } = await runsAs(fills('/workspace', '/tmp', '/dev/shm', '/var/tmp', '/dev/mqueue'));
    expect(result).toMatchObject({ reason: 'OOMKilled' });
  });

  test('a gigabyte of output', async () => {
    const { result } = await runsAs(LOG);
    expect(result).toMatchObject({ reason: 'Completed', truncated: true });
    expect(result?.stdout).toBe('x'.repeat(KEPT));
  });

  test('a million files', async () => {
    expect((await runsAs(FILES)).result).toMatchObject({ reason: 'OOMKilled' });
  });
});
