import { describe, expect, test } from '@jest/globals';
import { checkInput, parseClass, parsePolicy, parseRequest, parseRole } from '../../src/api/parse.ts';
import { aRequest } from '../support/build.ts';

const SPEC = { language: 'Python', code: 'print(1)', role: 'user' };
const pathsOf = (spec: object) => {
  const parsed = parseRequest({ metadata: { name: 'a' }, spec: { ...SPEC, ...spec } });
  return parsed.ok ? [] : parsed.errors.map(({ path }) => path);
};

describe('a request', () => {
  test('gets its defaults', () => {
    const parsed = parseRequest({ metadata: { name: 'a', uid: 'u' }, spec: SPEC });
    expect(parsed).toMatchObject({
      ok: true,
      value: { spec: { sandboxClassName: 'default', locale: 'en' }, status: {} },
    });
  });

  test('names every wrong field at once', () => {
    const files = [
      { path: 'ok', content: '' },
      { path: '../up', content: '' },
    ];
    expect(
      pathsOf({ language: 'Ruby', code: '', files, limits: { cpu: '-1' }, deadlineSeconds: 3601 }),
    ).toEqual([
      'spec.language',
      'spec.code',
      'spec.files[1].path',
      'spec.limits.cpu',
      'spec.deadlineSeconds',
    ]);
  });

  test.each([
    '/etc/passwd',
    '../a',
    'a/../b',
    '.hidden',
    'a/.b',
    'a//b',
    'a b',
    'a\nb',
    '-rf',
    'a/',
    '$x',
    '',
    'é',
  ])('refuses the file path "%s"', (path) =>
    expect(pathsOf({ files: [{ path, content: '' }] })).toContain('spec.files[0].path'),
  );

  test.each([
    ['an unreadable status', { status: { state: 'Unheard-of' } }],
    ['no status', {}],
  ])('with %s has none', (_title, more) => {
    expect(parseRequest({ metadata: {}, spec: SPEC, ...more })).toMatchObject({
      ok: true,
      value: { status: {} },
    });
  });

  test.each([undefined, null, 1, 'text', []])('that is %j is refused and does not throw', (value) => {
    expect(parseRequest(value).ok).toBe(false);
  });

  test('with metadata of a wrong type says where', () => {
    expect(parseRequest({ metadata: { generation: 'x' }, spec: SPEC })).toMatchObject({
      ok: false,
      errors: [{ path: 'metadata.generation' }],
    });
  });
});

describe('roles, classes and policies', () => {
  test('get their defaults', () => {
    expect(parseRole({ metadata: { name: 'a' }, spec: {} })).toMatchObject({
      ok: true,
      value: { spec: { sandboxClassNames: ['default'], approval: { approvers: 1 } } },
    });
    expect(parseClass({ metadata: { name: 'a' }, spec: { images: {} } })).toMatchObject({
      ok: true,
      value: { spec: { deadlineSeconds: 20, outputBytes: 65_536, userNamespaces: 'Auto', limits: {} } },
    });
    expect(parsePolicy({ metadata: { name: 'a' }, spec: {} })).toMatchObject({
      ok: true,
      value: {
        spec: { profile: 'standard', mode: 'Enforce', onDeny: 'Store' },
      },
    });
  });

  test('name a wrong field', () => {
    expect(parseClass({ metadata: {}, spec: { images: {}, deadlineSeconds: 0 } })).toMatchObject({
      errors: [{ path: 'spec.deadlineSeconds' }],
    });
  });
});

describe('the input', () => {
  const check = (spec: object) => checkInput(aRequest({ spec }).spec);
  /** 262 143 bytes in 87 381 characters. */
  const full = 'あ'.repeat(87_381);

  test('of an ordinary request is right', () => {
    expect(check({ files: [{ path: 'a', content: 'é' }], stdin: '日本', args: ['x'] })).toEqual([]);
  });

  test('is measured in bytes, not in characters', () => {
    expect(check({ code: full })).toEqual([]);
    expect(check({ code: `${full}あ` })).toEqual([
      {
        path: 'spec.code',
        message:
          'spec.code has 262146 bytes of UTF-8; at most 262144 are allowed. Split the program or move data out of it.',
      },
    ]);
  });

  test.each([
    ['en', 'spec takes 1200142 bytes where it is stored; at most 1048576 are allowed.'],
    ['ja', 'spec は保存時に 1200142 バイトになります。'],
  ])('that takes too much room where it is stored is refused, in %s', (locale, sentence) => {
    const bytes = 1_200_000 / 6;
    const errors = check({ locale, stdin: '\u0001'.repeat(bytes) });
    expect(errors).toEqual([{ path: 'spec', message: expect.stringContaining(sentence) }]);
    expect(check({ locale, stdin: '\u0001'.repeat(bytes / 2) })).toEqual([]);
  });

  test('counts together', () => {
    const parts = { code: full, stdin: full };
    expect(check({ ...parts, args: ['xx'] })).toEqual([]);
    expect(check({ ...parts, args: ['xxx'] })).toEqual([
      { path: 'spec', message: expect.stringContaining('spec has 524289 bytes of UTF-8; at most 524288') },
    ]);
  });

  test.each([
    ['spec.code', { code: 'a\ufffd' }],
    ['spec.stdin', { stdin: '\ufffd' }],
    [
      'spec.files[1].content',
      {
        files: [
          { path: 'a', content: '' },
          { path: 'b', content: '\ufffd' },
        ],
      },
    ],
    ['spec.args[1]', { args: ['a', '\ufffd'] }],
  ])('that was not UTF-8 is refused in %s', (path, spec) => {
    expect(check(spec)).toEqual([{ path, message: expect.stringContaining(`${path} contains U+FFFD`) }]);
  });

  test.each([
    ['Python', 'main.py'],
    ['JavaScript', 'main.js'],
    ['TypeScript', 'main.ts'],
    ['Bash', 'main.sh'],
  ])('of %s has no file %s beside the program', (language, path) => {
    expect(check({ language, files: [{ path, content: '' }] })).toEqual([
      { path: 'spec.files[0].path', message: expect.stringContaining(`names "${path}"`) },
    ]);
    expect(check({ language, files: [{ path: `lib/${path}`, content: '' }] })).toEqual([]);
  });

  test('is answered in Japanese when asked for', () => {
    const files = [{ path: 'main.py', content: '\ufffd' }];
    const messages = check({ locale: 'ja', code: `${full}あ`, files }).map(({ message }) => message);
    expect(messages).toEqual([
      expect.stringMatching(/^spec\.code は UTF-8 で 262146 バイト/),
      expect.stringMatching(/^spec\.files\[0\]\.content に U\+FFFD が/),
      expect.stringMatching(/^spec\.files\[0\]\.path の "main\.py" は/),
    ]);
  });
});
