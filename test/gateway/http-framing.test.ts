import { describe, expect, test } from '@jest/globals';
import { framingOf } from '../../src/gateway/http/framing.ts';

const JSON_BODY = ['Content-Type', 'application/json'];

test.each([
  ['a length', [...JSON_BODY, 'Content-Length', '12'], 12],
  ['chunks', [...JSON_BODY, 'Transfer-Encoding', 'chunked'], undefined],
  ['a charset', ['content-type', 'application/json; charset=utf-8', 'content-length', '2'], 2],
  ['other headers twice', [...JSON_BODY, 'X-A', '1', 'X-A', '2', 'Content-Length', '2'], 2],
])('taken: %s', (_name, raw, length) => {
  expect(framingOf('POST', raw)).toEqual({ kind: 'Plain', length });
});

describe('refused', () => {
  test.each([
    ['length and chunks', [...JSON_BODY, 'Content-Length', '5', 'Transfer-Encoding', 'chunked']],
    ['two lengths', [...JSON_BODY, 'Content-Length', '5', 'content-length', '6']],
    ['two equal lengths', [...JSON_BODY, 'Content-Length', '5', 'Content-Length', '5']],
    ['a list of lengths', [...JSON_BODY, 'Content-Length', '5, 5']],
    ['a signed length', [...JSON_BODY, 'Content-Length', '+5']],
    ['a hexadecimal length', [...JSON_BODY, 'Content-Length', '0x5']],
    ['a hidden chunked', [...JSON_BODY, 'Transfer-Encoding', 'xchunked']],
    ['gzip, chunked', [...JSON_BODY, 'Transfer-Encoding', 'gzip, chunked']],
    ['identity', [...JSON_BODY, 'Transfer-Encoding', 'identity']],
    ['two encodings', [...JSON_BODY, 'Transfer-Encoding', 'chunked', 'Transfer-Encoding', 'identity']],
    ['two tokens', [...JSON_BODY, 'Authorization', 'Bearer a', 'authorization', 'Bearer b']],
    ['two hosts', [...JSON_BODY, 'Host', 'a', 'Host', 'b']],
    ['gzip', [...JSON_BODY, 'Content-Encoding', 'gzip']],
    ['no type', ['Content-Length', '2']],
    ['a form', ['Content-Type', 'application/x-www-form-urlencoded']],
    ['text', ['Content-Type', 'text/plain']],
    ['a type in another charset', ['Content-Type', 'application/json; charset=utf-16']],
    ['a type that only begins so', ['Content-Type', 'application/json-patch+json']],
  ])('%s', (_name, raw) => {
    expect(framingOf('POST', raw).kind).toBe('Bad');
  });

  test('a body of a GET', () => {
    expect(framingOf('GET', ['Content-Length', '5']).kind).toBe('Bad');
    expect(framingOf('GET', ['Transfer-Encoding', 'chunked']).kind).toBe('Bad');
    expect(framingOf('GET', ['Content-Length', '0'])).toEqual({ kind: 'Plain', length: 0 });
  });
});
