import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { generate } from 'selfsigned';
import { credentialsIn } from '../../src/notifications/credentials.ts';
import { linkTo, templateFault } from '../../src/notifications/link.ts';
import { post } from '../../src/notifications/post.ts';

let ca: string;
let url: string;
let close: () => void;
const got: { readonly headers: IncomingHttpHeaders; readonly body: string }[] = [];
let answer: (response: ServerResponse) => void = (response) => response.writeHead(204).end();

beforeAll(async () => {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'receiver' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] },
    ],
  });
  const server = createServer({ cert, key }, (request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      got.push({ headers: request.headers, body });
      answer(response);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  ca = cert;
  url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  close = () => {
    server.closeAllConnections();
    server.close();
  };
});
afterAll(() => close());

const sent = (given: object = {}, signal = new AbortController().signal) =>
  post({ url, headers: { 'sekisho-event': 'ApprovalWanted' }, body: '{"a":1}', ca, ...given }, signal);

describe('a POST', () => {
  test('carries headers and body, and answers the status', async () => {
    expect(await sent()).toEqual({ status: 204, retryAfterSeconds: undefined });
    expect(got.at(-1)).toMatchObject({ headers: { 'sekisho-event': 'ApprovalWanted' }, body: '{"a":1}' });
  });

  test('to a receiver that nobody vouches for is not sent', async () => {
    const before = got.length;
    await expect(sent({ ca: undefined })).rejects.toThrow(/self-signed/);
    expect(got).toHaveLength(before);
  });

  test('follows no redirect, and reads no more than the head of an answer', async () => {
    answer = (response) => {
      response.writeHead(307, { location: url, 'retry-after': '7' });
      // Without an end: whoever waited for it would wait for ever.
      response.write('x'.repeat(100_000));
    };
    const before = got.length;
    expect(await sent()).toEqual({ status: 307, retryAfterSeconds: 7 });
    expect(got).toHaveLength(before + 1);
  });

  test('ends with the process', async () => {
    answer = () => undefined;
    const stopping = new AbortController();
    const sending = sent({}, stopping.signal);
    stopping.abort();
    await expect(sending).rejects.toThrow(/abort/i);
  });
});

describe('credentials', () => {
  test('are the text of the key without its last line feed, and an authority where there is one', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sekisho-notifications-'));
    try {
      await expect(credentialsIn(folder)).rejects.toThrow('ENOENT');
      writeFileSync(join(folder, 'key'), 'secret\n');
      expect(await credentialsIn(folder)).toEqual({ key: Buffer.from('secret'), ca: undefined });
      writeFileSync(join(folder, 'ca.crt'), 'PEM');
      expect(await credentialsIn(folder)).toMatchObject({ ca: 'PEM' });
      writeFileSync(join(folder, 'key'), 'x'.repeat(300_000));
      await expect(credentialsIn(folder)).rejects.toThrow('more than');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('a link', () => {
  test('escapes what stands in its places', () => {
    const request = { namespace: 'a', name: 'b/../c?d', uid: 'u' };
    expect(linkTo('https://x.example/#/{namespace}/{name}', { request })).toBe(
      'https://x.example/#/a/b%2F..%2Fc%3Fd',
    );
  });

  test.each([
    ['https://x.example/{namespace}/{name}?uid={uid}', undefined],
    ['https://x.example/{code}', '{code} is no place of it'],
    ['javascript:alert({name})', 'write https://HOST'],
    ['https://{namespace}.example/', 'write https://HOST'],
  ])('%s', (template, fault) => {
    expect(templateFault(template)).toEqual(fault === undefined ? undefined : expect.stringContaining(fault));
  });
});
