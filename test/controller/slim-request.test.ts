import { describe, expect, test } from '@jest/globals';
import { isAbridged, slimRequest } from '../../src/controller/slim-request.ts';
import { aRequest, TIME } from '../support/build.ts';

const stored = (spec: object = {}, status: object = {}) => {
  const request = aRequest({ spec, status });
  const annotations = { large: 'x'.repeat(250_000) };
  return { ...request, metadata: { ...request.metadata, annotations, labels: { a: 'b' } } };
};

describe('what the cache keeps of a request', () => {
  test('is an ordinary one whole, without labels and annotations', () => {
    const request = stored({ files: [{ path: 'a', content: 'b' }], stdin: 'typed', args: ['x'] });
    const kept = slimRequest(request);
    expect(kept).toMatchObject({ spec: request.spec, status: request.status, metadata: { name: 'weekly' } });
    expect(JSON.stringify(kept)).not.toMatch(/annotations|labels/);
    expect(isAbridged(kept)).toBe(false);
  });

  test.each([
    ['code', { code: 'x'.repeat(9000) }],
    ['stdin', { stdin: 'x'.repeat(9000) }],
    ['a file', { files: [{ path: 'a', content: 'x'.repeat(9000) }] }],
    ['many arguments', { args: Array.from({ length: 64 }, () => 'x'.repeat(200)) }],
  ])('is little of one with a large %s, and says so', (_what, spec) => {
    const request = stored(spec, { state: 'AwaitingApproval' });
    const kept = slimRequest(request);
    expect(isAbridged(kept)).toBe(true);
    expect(JSON.stringify(kept).length).toBeLessThan(2000);
    expect(kept).toMatchObject({ spec: { role: request.spec.role }, status: { state: 'AwaitingApproval' } });
  });

  test('is of a finished one that it is finished', () => {
    const conditions = [
      { type: 'Succeeded', status: 'True', reason: 'Completed', message: '', lastTransitionTime: TIME },
    ];
    const result = { reason: 'Completed', stdout: 'x'.repeat(9000), startedAt: '2026-11-01T00:00:00Z' };
    const kept = slimRequest(stored({ code: 'x'.repeat(9000) }, { state: 'Succeeded', result, conditions }));
    expect(isAbridged(kept)).toBe(false);
    expect(kept).toMatchObject({
      status: { state: 'Succeeded', result: { startedAt: '2026-11-01T00:00:00Z' } },
    });
    expect(JSON.stringify(kept).length).toBeLessThan(2000);
  });
});
