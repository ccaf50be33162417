import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { probeName, runName, sandboxUid } from '../../src/objects/names.ts';

const LABEL = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])$/;

describe('names', () => {
  test('of a run stay the same for ever', () => {
    expect(runName('3f2a9a6e-0d1f-4b7e-9a55-5f9f6f0c1d11')).toBe(
      'run-a0878c610061926d282b0501c3398490a32ee4ef',
    );
  });

  test('of runs and probes are DNS labels that leave the Job controller room, whatever they are made from', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        for (const name of [runName(one), probeName(one, other)]) {
          expect(name).toMatch(LABEL);
          // The Job controller appends "-" and five characters for the pod.
          expect(name.length).toBeLessThanOrEqual(57);
        }
        expect(runName(one) === runName(other)).toBe(one === other);
      }),
    );
  });

  test('of probes differ by shape and by serial', () => {
    expect(new Set([probeName('a', '1'), probeName('a', '2'), probeName('b', '1')]).size).toBe(3);
  });
});

describe('the user id of a sandbox', () => {
  test('is unprivileged and lies in the range of its kind', () => {
    fc.assert(
      fc.property(fc.uuid(), (uid) => {
        expect(sandboxUid(uid, true)).toBeGreaterThanOrEqual(10_000);
        expect(sandboxUid(uid, true)).toBeLessThan(60_000);
        expect(sandboxUid(uid, false)).toBeGreaterThanOrEqual(1_000_000);
        expect(sandboxUid(uid, false)).toBeLessThan(1_001_000_000);
        expect(sandboxUid(uid, false)).toBe(sandboxUid(uid, false));
      }),
    );
  });

  test('differs from request to request', () => {
    const uids = Array.from({ length: 200 }, (_none, index) => sandboxUid(`request-${index}`, false));
    expect(new Set(uids).size).toBe(200);
  });
});
