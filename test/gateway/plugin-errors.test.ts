import { describe, expect, test } from '@jest/globals';
import { pluginErrors } from '../../src/gateway/plugin-errors.ts';
import { aPlugin, anOperation } from './support/plugins.ts';
import type { PluginParts } from './support/plugins.ts';

const input = { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] };
const withHttp = (http: object, given: object = {}): PluginParts => ({
  operations: [anOperation({ input, http: { method: 'GET', path: '/events/{id}', ...http }, ...given })],
});

test.each<[string, PluginParts]>([
  ['the plainest', {}],
  ['with an argument in the path', withHttp({})],
  ['inside the cluster', { url: 'http://10.96.3.4:8080', upstream: { allowedCIDRs: ['10.96.0.0/12'] } }],
  ['with a credential', { upstream: { credential: { secretName: 'x', header: 'X-Api-Key', prefix: '' } } }],
])('nothing is wrong: %s', (_name, parts) => {
  expect(pluginErrors(aPlugin(parts))).toEqual([]);
});

describe('what is wrong', () => {
  test.each<[string, PluginParts, string, string]>([
    [
      'a decimal host',
      { url: 'http://2130706433' },
      'spec.upstream.url',
      'names the host as 2130706433, which is 127.0.0.1',
    ],
    ['loopback', { url: 'http://127.0.0.1:80' }, 'spec.upstream.url', 'leads to 127.0.0.1'],
    [
      'loopback, allowed',
      { url: 'http://127.0.0.1', upstream: { allowedCIDRs: ['127.0.0.0/8'] } },
      'spec.upstream.url',
      'leads to 127.0.0.1',
    ],
    ['a private address', { url: 'http://10.1.2.3' }, 'spec.upstream.url', 'leads to 10.1.2.3'],
    [
      'no range',
      { upstream: { allowedCIDRs: ['10.0.0.0'] } },
      'spec.upstream.allowedCIDRs[0]',
      'write it like',
    ],
    [
      'a credential in Host',
      { upstream: { credential: { secretName: 'x', header: 'Host' } } },
      'spec.upstream.credential.header',
      'is set by the gateway',
    ],
    [
      'two underscores',
      { operations: [anOperation({ name: 'read__events' })] },
      'spec.operations[0].name',
      'two underscores',
    ],
    [
      'a part of the path that is no argument',
      withHttp({ path: '/{name}' }),
      'spec.operations[0].http',
      'places "name"',
    ],
    [
      'a part of the path that may be missing',
      withHttp({}, { input: { ...input, required: [] } }),
      'spec.operations[0].http.path',
      'list it in input.required',
    ],
    [
      'an argument of a GET without a place',
      withHttp({ path: '/events' }),
      'spec.operations[0].http',
      'has no place in a GET',
    ],
    ['an argument in two places', withHttp({ query: ['id'] }), 'spec.operations[0].http', 'two places'],
    [
      'an argument in Host',
      withHttp({ path: '/x', headers: { Host: 'id' } }),
      'spec.operations[0].http.headers.Host',
      'is set by the gateway',
    ],
    [
      'an argument in Transfer-Encoding',
      withHttp({ path: '/x', headers: { 'Transfer-Encoding': 'id' } }),
      'spec.operations[0].http.headers.Transfer-Encoding',
      'is set by',
    ],
    [
      'an argument in Authorization',
      withHttp({ path: '/x', headers: { Authorization: 'id' } }),
      'spec.operations[0].http.headers.Authorization',
      'no argument goes there',
    ],
    [
      'a schema',
      { operations: [anOperation({ output: { $id: 'x' } })] },
      'spec.operations[0].output',
      '$id is no keyword',
    ],
  ])('%s', (_name, parts, path, message) => {
    expect(pluginErrors(aPlugin(parts))).toContainEqual({ path, message: expect.stringContaining(message) });
  });
});
