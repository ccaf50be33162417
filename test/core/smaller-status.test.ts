import { describe, expect, test } from '@jest/globals';
import type { RequestStatus } from '../../src/api/v1alpha1/code-execution-request.ts';
import { everSmaller } from '../../src/core/smaller-status.ts';
import { deniedJudgement } from '../support/build.ts';

const sizeOf = (status: RequestStatus) => JSON.stringify(status).length;

describe('smaller statuses', () => {
  const smallerThan = (status: RequestStatus) => [...everSmaller(status)].slice(1);
  const { verdict } = deniedJudgement();
  const whole: RequestStatus = {
    state: 'Failed',
    verdict: { ...verdict, truncatedFindings: 2 },
    result: { reason: 'Error', exitCode: 3, stdout: 'o'.repeat(100_000), stderr: 'e'.repeat(100_000) },
  };

  test('are each smaller than the one before, and say how it ended', () => {
    const sizes = [...everSmaller(whole)].map(sizeOf);
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
    expect(new Set(sizes).size).toBe(sizes.length);
    for (const status of smallerThan(whole))
      expect(status).toMatchObject({
        state: 'Failed',
        verdict: { decision: 'Deny', digest: verdict.digest },
        result: { reason: 'Error', exitCode: 3, truncated: true },
      });
  });

  test('the last has no output, counts the findings, and keeps the first reason', () => {
    const last = smallerThan(whole).at(-1);
    expect(last?.result).toEqual({ reason: 'Error', exitCode: 3, stdout: '', stderr: '', truncated: true });
    expect(last?.verdict?.findings).toBeUndefined();
    expect(last?.verdict?.truncatedFindings).toBe((verdict.findings?.length ?? 0) + 2);
    expect(last?.verdict?.reasons).toEqual(verdict.reasons?.slice(0, 1));
  });

  test('of a short output is not called cut where nothing was', () => {
    const short: RequestStatus = { result: { reason: 'Completed', stdout: 'hello', truncated: false } };
    expect(smallerThan(short)[0]).toEqual(short);
  });
});
