import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { upholdCertificateFiles } from '../../src/webhook/certificate-files.ts';
import { keepCertificates } from '../../src/webhook/certificate-keeper.ts';
import type { CertificateKeeper, KeeperOptions } from '../../src/webhook/certificate-keeper.ts';
import type { KeyedCertificate } from '../../src/webhook/issue-certificate.ts';
import { memoryTrust } from './support.ts';

let keeper: CertificateKeeper | undefined;
afterEach(() => keeper?.close());

function keep(
  uphold: KeeperOptions['uphold'],
  setCertificate: KeeperOptions['setCertificate'] = () => undefined,
) {
  const warnings: object[] = [];
  const logger = { info: () => undefined, warn: (fields: object) => void warnings.push(fields) };
  keeper = keepCertificates({ uphold, setCertificate, logger, everyMilliseconds: 5 });
  return { keeper, warnings };
}
const pair = (name: string): KeyedCertificate => ({ cert: name, key: name });

async function until(holds: () => boolean): Promise<void> {
  for (let left = 200; left > 0 && !holds(); left -= 1) await wait(5);
  expect(holds()).toBe(true);
}

describe('the keeper of the certificate', () => {
  test('is not ready before the first success, and tries on', async () => {
    let tries = 0;
    const kept = keep((serve) => {
      tries += 1;
      if (tries < 3) return Promise.reject(new Error('no Secret yet'));
      serve(pair('a'));
      return Promise.resolve();
    });
    expect(kept.keeper.ready()).toBe(false);
    await until(() => kept.keeper.ready());
    expect(kept.warnings).toHaveLength(2);
  });

  test('stays ready when a later look fails: what is served is still trusted', async () => {
    let tries = 0;
    const kept = keep((serve) => {
      tries += 1;
      if (tries > 1) return Promise.reject(new Error('the API server is away'));
      serve(pair('a'));
      return Promise.resolve();
    });
    await until(() => tries > 3);
    expect(kept.keeper.ready()).toBe(true);
  });

  test('hands a certificate to the server once, and again when it is another', async () => {
    const set: string[] = [];
    let name = 'a';
    let tries = 0;
    keep(
      (serve) => {
        tries += 1;
        serve(pair(name));
        return Promise.resolve();
      },
      ({ cert }) => void set.push(cert),
    );
    await until(() => tries > 3);
    expect(set).toEqual(['a']);
    name = 'b';
    await until(() => set.length > 1);
    expect(set).toEqual(['a', 'b']);
  });

  test('is not ready with a certificate that the server refuses', async () => {
    let tries = 0;
    const kept = keep(
      (serve) => {
        tries += 1;
        serve(pair('broken'));
        return Promise.resolve();
      },
      () => {
        throw new Error('key values mismatch');
      },
    );
    await until(() => tries > 2);
    expect(kept.keeper.ready()).toBe(false);
  });
});

describe('certificates in files', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'webhook-'));
  });
  afterEach(() => rm(directory, { recursive: true }));
  const write = async (name: string) => {
    await writeFile(join(directory, 'tls.crt'), name);
    await writeFile(join(directory, 'tls.key'), name);
  };

  test('are served, and served anew when they change; ready when a caBundle is there', async () => {
    const trust = memoryTrust();
    const set: string[] = [];
    const kept = keep(
      (serve) => upholdCertificateFiles(directory, trust.trust, serve),
      ({ cert }) => void set.push(cert),
    );
    await wait(20);
    expect(set).toEqual([]);
    await write('a');
    await until(() => set.length === 1);
    expect(kept.keeper.ready()).toBe(false);
    trust.overwrite('-----BEGIN CERTIFICATE-----');
    await until(() => kept.keeper.ready());
    await write('b');
    await until(() => set.at(-1) === 'b');
  });
});
