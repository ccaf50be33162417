import { describe, expect, test } from '@jest/globals';
import { judgeable } from '../../src/judging/judgeable.ts';
import { invalid } from '../../src/webhook/refusals.ts';
import { aSpec } from './support.ts';

const object = (spec: unknown) => ({ metadata: { name: 'weekly' }, spec });
function sentences(spec: unknown): readonly (readonly [string, string])[] {
  const judged = judgeable(object(spec));
  return judged.ok ? [] : judged.errors.map(({ path, message }) => [path, message] as const);
}
const without = (name: string) => Object.fromEntries(Object.entries(aSpec()).filter(([key]) => key !== name));

describe('what cannot be judged is told by field, value and remedy', () => {
  test.each<readonly [string, unknown, string, string]>([
    [
      'an unknown language',
      aSpec({ language: 'Ruby' }),
      'spec.language',
      'spec.language is "Ruby", which is not known. Use one of: Python, JavaScript, TypeScript, Bash.',
    ],
    [
      'no language',
      without('language'),
      'spec.language',
      'spec.language is missing. Add it: Python, JavaScript, TypeScript, Bash.',
    ],
    ['no role', without('role'), 'spec.role', 'spec.role is missing. Add it: a string.'],
    [
      'empty code',
      aSpec({ code: '' }),
      'spec.code',
      'spec.code has 0 characters, but must have at least 1. Fill it in.',
    ],
    [
      'too much code',
      aSpec({ code: 'x'.repeat(262_145) }),
      'spec.code',
      'spec.code has 262145 characters, but may have at most 262144. Shorten it.',
    ],
    [
      'code that is a number',
      aSpec({ code: 5 }),
      'spec.code',
      'spec.code is 5, but must be a string. Correct it.',
    ],
    [
      'a deadline of zero',
      aSpec({ deadlineSeconds: 0 }),
      'spec.deadlineSeconds',
      'spec.deadlineSeconds is 0, but must be at least 1. Raise it.',
    ],
    [
      'a deadline of a day',
      aSpec({ deadlineSeconds: 86_400 }),
      'spec.deadlineSeconds',
      'spec.deadlineSeconds is 86400, but must be at most 3600. Lower it.',
    ],
    [
      'a deadline of half a second',
      aSpec({ deadlineSeconds: 0.5 }),
      'spec.deadlineSeconds',
      'spec.deadlineSeconds is 0.5, but must be a whole number. Correct it.',
    ],
    [
      'a limit of the wrong form',
      aSpec({ limits: { memory: 'lots' } }),
      'spec.limits.memory',
      'spec.limits.memory is "lots", which has the wrong form. Write it like 100Mi.',
    ],
    [
      'a file that climbs',
      aSpec({ files: [{ path: '../x', content: '' }] }),
      'spec.files[0].path',
      'spec.files[0].path is "../x", which has the wrong form. Write it like data/input.csv.',
    ],
    [
      'a role that is no name',
      aSpec({ role: 'Über' }),
      'spec.role',
      'spec.role is "Über", which has the wrong form. Write it like user.',
    ],
    [
      'an action that is no name',
      aSpec({ actions: ['Read Calendar'] }),
      'spec.actions[0]',
      'spec.actions[0] is "Read Calendar", which has the wrong form. Write it like read_calendar.',
    ],
    [
      'too many arguments',
      aSpec({ args: Array.from({ length: 65 }, () => 'a') }),
      'spec.args',
      'spec.args has 65 entries, but may have at most 64. Shorten it.',
    ],
    ['no spec', undefined, 'spec', 'spec is missing. Add it: an object.'],
    [
      'Japanese',
      aSpec({ locale: 'ja', language: 'Ruby' }),
      'spec.language',
      'spec.language の "Ruby" は使えません。次のどれかにしてください：Python, JavaScript, TypeScript, Bash。',
    ],
    [
      'an unknown locale',
      aSpec({ locale: 'fr' }),
      'spec.locale',
      'spec.locale is "fr", which is not known. Use one of: en, ja.',
    ],
  ])('%s', (_what, spec, path, sentence) => {
    expect(sentences(spec)).toEqual([[path, sentence]]);
  });

  test('sizes in bytes and text that was not UTF-8 are seen too', () => {
    expect(sentences(aSpec({ code: 'あ'.repeat(100_000) }))[0]?.[1]).toMatch(
      /^spec\.code has 300000 bytes of UTF-8/,
    );
    expect(sentences(aSpec({ code: 'a\uFFFDb' }))[0]?.[1]).toMatch(/U\+FFFD/);
  });

  test('a long value is shown by its beginning, code never', () => {
    expect(sentences(aSpec({ language: 'z'.repeat(1000) }))[0]?.[1].length).toBeLessThan(180);
    expect(sentences(aSpec({ code: `SECRET${'x'.repeat(262_144)}` }))[0]?.[1]).not.toContain('SECRET');
  });

  test('all wrong fields are told at once, up to a bound', () => {
    expect(sentences(aSpec({ language: 'Ruby', deadlineSeconds: 0 }))).toHaveLength(2);
    const errors = Array.from({ length: 500 }, (_one, index) => ({
      path: `spec.a[${index}]`,
      message: 'x.',
    }));
    expect(invalid('CodeExecutionRequest', 'weekly', errors).details?.causes).toHaveLength(32);
  });
});

test('the refusal is a 422 with a cause for each field', () => {
  expect(
    invalid('CodeExecutionRequest', 'weekly', [
      { path: 'spec.role', message: 'spec.role is missing. Add it: a string.' },
    ]),
  ).toEqual({
    code: 422,
    reason: 'Invalid',
    message: 'spec.role is missing. Add it: a string.',
    details: {
      group: 'sekisho.dev',
      kind: 'CodeExecutionRequest',
      name: 'weekly',
      causes: [
        {
          reason: 'FieldValueInvalid',
          field: 'spec.role',
          message: 'spec.role is missing. Add it: a string.',
        },
      ],
    },
  });
});

test('what the schema allows can be judged', () => {
  expect(judgeable(object(aSpec())).ok).toBe(true);
});
