import { describe, expect, test } from '@jest/globals';
import { parseBytes, parseMillicores } from '../../../src/api/v1alpha1/quantity.ts';
import { grantedLimits, limitObjections } from '../../../src/core/verdict/limits.ts';
import { aClass, aRequest, aRole } from '../../support/build.ts';

const specOf = (spec: object) => aRequest({ spec }).spec;

describe('a quantity', () => {
  test.each([
    ['1', 1],
    ['2k', 2000],
    ['3M', 3e6],
    ['1G', 1e9],
    ['1Ki', 1024],
    ['100Mi', 104_857_600],
    ['2Gi', 2_147_483_648],
  ])('of bytes: %s', (text, bytes) => expect(parseBytes(text)).toBe(bytes));

  test.each(['', 'Mi', '1Ti', '1.5Mi', '-1', '1e3', ' 1'])('of bytes that is none: "%s"', (text) => {
    expect(parseBytes(text)).toBeNaN();
  });

  test.each([
    ['300m', 300],
    ['0.3', 300],
    ['2', 2000],
    ['0.001', 1],
  ])('of CPU: %s', (text, millicores) => expect(parseMillicores(text)).toBe(millicores));
});

describe('limits', () => {
  test('are the least of class, role and request, each field by itself', () => {
    const sandboxClass = aClass({
      limits: { cpu: '1', memory: '1Gi', scratch: '512Mi', pids: 100 },
      deadlineSeconds: 60,
    });
    const role = aRole({ maxLimits: { cpu: '500m', memory: '2Gi', pids: 50 }, maxDeadlineSeconds: 30 });
    const spec = specOf({ limits: { memory: '1000M', pids: 80 }, deadlineSeconds: 10 });
    expect(grantedLimits(spec, sandboxClass, role)).toEqual({
      cpu: '500m',
      memory: '1000M',
      scratch: '512Mi',
      pids: 50,
      deadlineSeconds: 10,
    });
  });

  test('of a class that names none are the standard ones', () => {
    expect(grantedLimits(specOf({}), aClass(), aRole())).toEqual({
      cpu: '300m',
      memory: '100Mi',
      scratch: '64Mi',
      pids: 64,
      deadlineSeconds: 20,
    });
  });

  test.each([
    ['cpu', { limits: { cpu: '0.301' } }, 'spec.limits.cpu', '0.301', '300m'],
    ['memory', { limits: { memory: '105M' } }, 'spec.limits.memory', '105M', '100Mi'],
    ['scratch', { limits: { scratch: '65Mi' } }, 'spec.limits.scratch', '65Mi', '64Mi'],
    ['pids', { limits: { pids: 65 } }, 'spec.limits.pids', 65, 64],
    ['deadline', { deadlineSeconds: 21 }, 'spec.deadlineSeconds', 21, 20],
  ])('above the class are objected to: %s', (_title, spec, ...[field, value, limit]) => {
    expect(limitObjections(specOf(spec), aClass(), aRole())).toEqual([
      { reason: 'LimitAbove', params: [field, value, limit, 'SandboxClass "default"'] },
    ]);
  });

  test('equal to those of the class, in whatever unit, are not objected to', () => {
    const spec = specOf({
      limits: { cpu: '0.3', memory: '102400Ki', scratch: '64Mi', pids: 64 },
      deadlineSeconds: 20,
    });
    expect(limitObjections(spec, aClass(), aRole())).toEqual([]);
  });

  test('above the role are objected to with the name of the role, also without a class', () => {
    const role = aRole({ maxLimits: { memory: '50Mi' }, maxDeadlineSeconds: 5 });
    const spec = specOf({ limits: { memory: '51Mi' }, deadlineSeconds: 6 });
    expect(limitObjections(spec, undefined, role)).toEqual([
      { reason: 'LimitAbove', params: ['spec.limits.memory', '51Mi', '50Mi', 'ExecutionRole "user"'] },
      { reason: 'LimitAbove', params: ['spec.deadlineSeconds', 6, 5, 'ExecutionRole "user"'] },
    ]);
  });
});
