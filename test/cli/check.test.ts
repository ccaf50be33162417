/** The command as people and CI jobs run it: exit codes, inputs, sentences. */
import { chmodSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { folderWith, sekisho, start } from './command.ts';

// Each test starts processes, which take their time on a busy machine.
jest.setTimeout(60_000);

const HONEST = 'print("hello")\n';
const DENIED = 'import os\nos.system("ls")\n';
// Two capabilities: 40 points, at which the standard profile wants a person.
const CAPABILITIES =
  'import pickle, urllib.request\nurllib.request.urlopen("http://a.example/")\npickle.load(open("x", "rb"))\n';

interface Line {
  readonly path?: string;
  readonly request?: string;
  readonly decision?: string;
  readonly error?: string;
  readonly findings?: readonly object[];
}
const linesIn = (stdout: string): readonly Line[] =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);

const request = (name: string, spec: string): string =>
  `apiVersion: sekisho.dev/v1alpha1\nkind: CodeExecutionRequest\nmetadata: {name: ${name}}\nspec:\n${spec.replaceAll(/^/gm, '  ')}\n`;

let folder: ReturnType<typeof folderWith>;
beforeAll(() => {
  folder = folderWith({
    'honest.py': HONEST,
    'denied.py': DENIED,
    'capable.py': CAPABILITIES,
    'empty/__init__.py': '',
    tool: '#!/usr/bin/env bash\nrm -rf / --no-preserve-root\n',
    notes: 'no program\n',
    'latin.py': Buffer.from('x = "caf\xe9"\n', 'latin1'),
    'large.py': `# ${'x'.repeat(262_144)}\n`,
    'only-data/data.csv': 'a,b\n',
    'walk/a.py': HONEST,
    'walk/b/c.ts': 'const x: number = 1;\nconsole.log(x);\n',
    'walk/node_modules/x/bad.py': DENIED,
    'walk/.git/bad.py': DENIED,
    'walk/readme.md': '# nothing\n',
    'walk/chart/template.yaml': '{{ if .Values.x }}\nkind: ConfigMap\n{{ end }}\n',
    'walk/crd.yaml': 'kind: CustomResourceDefinition\nspec:\n  names:\n    kind: CodeExecutionRequest\n',
    'walk/requests.yaml': [
      'apiVersion: v1\nkind: ConfigMap\n',
      request('one', 'language: Python\nrole: user\ncode: |\n  print(1)'),
      request('two', 'language: Python\nrole: user\nlocale: ja\ncode: |\n  import os\n  os.system("ls")'),
    ].join('---\n'),
    'wrong.yaml': request('wrong', 'language: Ruby\nrole: user\ncode: x\nspeed: 3\nactions: [a_b, a_b]'),
    'schema.yaml': request('schema', 'language: Ruby\nrole: user\ncode: x'),
    'other.yaml': 'apiVersion: v1\nkind: ConfigMap\n',
    'broken.yaml': 'a: [\nkind: CodeExecutionRequest\n',
    'policy.yaml':
      'apiVersion: sekisho.dev/v1alpha1\nkind: ExecutionPolicy\nmetadata: {name: mild}\nspec:\n  namespaceSelector: {matchLabels: {team: other}}\n  denySeverities: [Critical]\n  thresholds: {deny: 101, approve: 101}\n---\napiVersion: sekisho.dev/v1alpha1\nkind: ExecutionPolicy\nmetadata: {name: told}\nspec: {mode: Warn}\n',
    'policy-typo.yaml':
      'apiVersion: sekisho.dev/v1alpha1\nkind: ExecutionPolicy\nmetadata: {name: typo}\nspec:\n  threshold: {deny: 1}\n',
    'role.yaml':
      'apiVersion: sekisho.dev/v1alpha1\nkind: ExecutionRole\nmetadata: {name: clerk}\nspec:\n  allowedActions: [read_calendar]\n  approvalActions: [send_email]\n  languages: [Python]\n  sandboxClassNames: [small]\n',
    'acts.yaml': [
      request(
        'allowed',
        'language: Python\nrole: clerk\nsandboxClassName: small\nactions: [read_calendar]\ncode: print(1)',
      ),
      request(
        'asks',
        'language: Python\nrole: clerk\nsandboxClassName: small\nactions: [send_email]\ncode: print(1)',
      ),
      request(
        'forbidden',
        'language: Python\nrole: clerk\nsandboxClassName: small\nactions: [delete_event]\ncode: print(1)',
      ),
      request('other-role', 'language: Python\nrole: admin\ncode: print(1)'),
    ].join('---\n'),
  });
  symlinkSync(join(folder.path, 'walk'), join(folder.path, 'walk/round'));
});
afterAll(() => folder.remove());

const check = (args: readonly string[], stdin?: string) =>
  sekisho(['check', ...args], { cwd: folder.path, ...(stdin === undefined ? {} : { stdin }) });

describe('the exit code', () => {
  test.each<readonly [number, string, readonly string[]]>([
    [0, 'all are allowed, an empty file included', ['honest.py', 'empty']],
    [2, 'one needs approval', ['honest.py', 'capable.py']],
    [3, 'one could not be judged, whatever needs approval', ['missing.py', 'capable.py']],
    [1, 'one is denied, whatever else there is', ['missing.py', 'capable.py', 'denied.py', 'honest.py']],
  ])('is %i when %s', async (code, _when, paths) => {
    expect(await check(paths)).toMatchObject({ code, stderr: '' });
  });
});

test('what cannot be judged is named, with what would be right', async () => {
  const paths = [
    'missing.py',
    'notes',
    'latin.py',
    'large.py',
    'only-data',
    'other.yaml',
    'broken.yaml',
    '/dev/zero',
  ];
  const { code, stdout } = await check(['--format', 'jsonl', ...paths]);
  expect(code).toBe(3);
  const told = linesIn(stdout).map(({ path, error }) => `${path}: ${error}`);
  expect(told).toEqual([
    expect.stringContaining('missing.py: there is no such file or folder'),
    expect.stringContaining('notes: neither its ending nor its first line says'),
    expect.stringContaining('latin.py: it is not UTF-8'),
    expect.stringContaining('large.py: it is larger than 256 KiB'),
    expect.stringContaining('only-data: the folder holds no program'),
    expect.stringContaining('other.yaml: it holds no CodeExecutionRequest'),
    expect.stringMatching(/broken.yaml: line \d is not YAML/),
    expect.stringContaining('/dev/zero: it is larger than 256 KiB'),
  ]);
});

test('a file without an ending is known by its first line, or by --language', async () => {
  const [tool] = linesIn((await check(['--format', 'jsonl', 'tool'])).stdout);
  expect(tool).toMatchObject({ language: 'Bash', decision: 'Deny' });
  const [named] = linesIn((await check(['--format', 'jsonl', '--language', 'bash', 'notes'])).stdout);
  expect(named).toMatchObject({ language: 'Bash' });
});

test('a folder gives its programs and requests; modules, links and other manifests are passed over', async () => {
  const { code, stdout } = await check(['--format', 'jsonl', 'walk']);
  expect(code).toBe(1);
  expect(linesIn(stdout).map(({ path, request: name, decision }) => [path, name, decision])).toEqual([
    ['walk/a.py', undefined, 'Allow'],
    ['walk/b/c.ts', undefined, 'Allow'],
    ['walk/requests.yaml', 'one', 'Allow'],
    ['walk/requests.yaml', 'two', 'Deny'],
  ]);
});

test('places in a request are those of its file, sentences in its own language', async () => {
  const { stdout } = await check(['walk/requests.yaml']);
  expect(stdout).toContain('walk/requests.yaml:22:5: High PY-EXEC-OS: os を使って');
  expect(stdout).toContain('walk/requests.yaml#two: 拒否（リスク 70/100）');
});

test('wrong requests are told field by field, as the cluster would', async () => {
  const { code, stdout } = await check(['--format', 'jsonl', 'wrong.yaml', 'schema.yaml']);
  expect(code).toBe(3);
  const [wrong, schema] = linesIn(stdout);
  expect(wrong?.error).toContain('spec.speed is unknown');
  expect(wrong?.error).toContain('spec.actions[1] stands in the list twice');
  expect(schema?.error).toContain('spec.language is "Ruby", which is not known. Use one of: Python,');
});

test('an unreadable folder is told, not passed over', async () => {
  const closed = folderWith({ 'in/x.py': HONEST, 'y.py': HONEST });
  chmodSync(join(closed.path, 'in'), 0o000);
  const { code, stdout } = await sekisho(['check', closed.path, '--format', 'jsonl']);
  // root may read everything.
  const expected = process.getuid?.() === 0 ? 0 : 3;
  expect([code, linesIn(stdout).length]).toEqual([expected, 2]);
  chmodSync(join(closed.path, 'in'), 0o755);
  closed.remove();
});

describe('standard input', () => {
  test('is judged in the language that is named', async () => {
    const { code, stdout } = await check(['--language', 'Python', '-'], DENIED);
    expect(code).toBe(1);
    expect(stdout).toContain('-:2:1: High PY-EXEC-OS');
  });
  test('without a language, or without a byte, cannot be judged', async () => {
    expect((await check(['-'], DENIED)).code).toBe(3);
    expect(await check(['--language', 'Python', '-'], '')).toMatchObject({
      code: 3,
      stdout: expect.stringContaining('nothing came in'),
    });
  });
});

describe('policies and roles', () => {
  test('a profile takes the place of the standard', async () => {
    const one = 'import urllib.request\nurllib.request.urlopen("http://a.example/")\n';
    expect((await check(['--language', 'Python', '-'], one)).code).toBe(0);
    expect((await check(['--language', 'Python', '--profile', 'strict', '-'], one)).code).toBe(2);
  });
  test('policies of a file all apply, whatever they select; what is in mode Warn is told alone', async () => {
    const { code, stdout } = await check(['--policy', 'policy.yaml', 'denied.py']);
    expect(code).toBe(0);
    expect(stdout).toContain('Not enforced (policy in mode Warn): Rule PY-EXEC-OS (High) forbids line 2.');
  });
  test('a policy with a field that does not exist is refused', async () => {
    const { code, stdout, stderr } = await check(['--policy', 'policy-typo.yaml', 'denied.py']);
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toContain('policy-typo.yaml: spec.threshold is unknown');
  });
  test('actions are compared with the role', async () => {
    const { code, stdout } = await check(['--role', 'role.yaml', '--format', 'jsonl', 'acts.yaml', 'tool']);
    expect(code).toBe(1);
    const lines = linesIn(stdout);
    expect(lines.slice(0, 3).map(({ decision }) => decision)).toEqual(['Allow', 'RequireApproval', 'Deny']);
    expect(lines[3]?.error).toContain(
      'spec.role names "admin", but the file given with --role holds only clerk',
    );
    const told = (await check(['--role', 'role.yaml', 'tool'])).stdout;
    expect(told).toContain('spec.language is Bash, which role "clerk" does not allow');
  });
});

describe('the command line', () => {
  test.each<readonly [string, readonly string[], RegExp]>([
    ['no path', ['check'], /name a file, a folder, or -/],
    ['an unknown language', ['check', '--language', 'Ruby', 'x.py'], /Allowed choices are Python/],
    ['an unknown option', ['check', '--fast', 'x.py'], /unknown option '--fast'/],
    ['policy and profile', ['check', '--policy', 'a', '--profile', 'strict', 'x'], /cannot be used with/],
    ['lines in another format', ['check', '--input', 'jsonl', '--format', 'sarif'], /leave --format out/],
    ['lines and paths', ['check', '--input', 'jsonl', 'x.py'], /leave the paths out/],
    ['an unknown command', ['chek'], /unknown command 'chek'/],
    ['an unknown rule', ['rules', 'PY-FROK'], /There is no rule "PY-FROK". Nearest: PY-FORK/],
  ])('%s ends with 3 and a sentence', async (_what, args, sentence) => {
    const { code, stdout, stderr } = await sekisho(args);
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toMatch(sentence);
  });
  test('help and version end with 0', async () => {
    expect(await sekisho(['--help'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('check [options]'),
    });
    expect(await sekisho(['check', '--help'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('--profile'),
    });
    expect(await sekisho(['--version'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
  });
});

describe('lines of programs', () => {
  test('are answered in order; wrong ones are told, the others go on', async () => {
    const lines = [
      JSON.stringify({ id: 1, language: 'Python', code: DENIED }),
      'not json',
      JSON.stringify({ id: 'two', language: 'Ruby', code: 'x' }),
      '',
      JSON.stringify({ language: 'Python', code: 'x' }),
      JSON.stringify({
        id: 3,
        language: 'Python',
        code: 'import helper\n',
        files: [{ path: 'helper.py', content: DENIED }],
      }),
      JSON.stringify({ id: 4, language: 'Bash', code: 'echo hi' }),
    ].join('\n');
    const { code, stdout } = await sekisho(['check', '--input', 'jsonl'], { stdin: lines });
    expect(code).toBe(1);
    const told = linesIn(stdout);
    expect(told).toMatchObject([
      { id: 1, decision: 'Deny' },
      { line: 2, error: expect.stringContaining('not a JSON object') },
      { id: 'two', line: 3, error: expect.stringMatching(/^language is "Ruby"/) },
      { line: 5, error: expect.stringContaining('id must be a string or a number') },
      { id: 3, decision: 'Deny' },
      { id: 4, decision: 'Allow', findings: [] },
    ]);
    expect(Object.keys(told[0] ?? {})).toEqual(['id', 'language', 'decision', 'riskScore', 'findings']);
    expect(Object.keys(told[0]?.findings?.[0] ?? {})).toEqual([
      'rule',
      'severity',
      'line',
      'column',
      'endLine',
      'endColumn',
      'message',
    ]);
    expect(told[4]?.findings?.[0]).toMatchObject({ file: 'helper.py', rule: 'PY-EXEC-OS' });
  });

  test('may come from a labelled set, with languages as people write them', async () => {
    const set = ['python', 'PY', 'javascript', 'tsx', 'bash', 'sh'].map((language, id) =>
      JSON.stringify({ id, language, code: 'hello', label: 'risky', score: 1, note: null }),
    );
    const typo = JSON.stringify({
      id: 9,
      language: 'Bash',
      code: 'ls',
      file: [{ path: 'a.sh', content: 'ls' }],
    });
    const { stdout } = await sekisho(['check', '--input', 'jsonl'], { stdin: [...set, typo].join('\n') });
    const told = linesIn(stdout);
    expect(told.slice(0, 6)).toMatchObject(
      ['Python', 'Python', 'JavaScript', 'TypeScript', 'Bash', 'Bash'].map((language, id) => ({
        id,
        language,
      })),
    );
    expect(told[6]).toMatchObject({ id: 9, error: expect.stringMatching(/^file is unknown/) });
  });

  test('are answered before the next one comes: an agent may wait for each', async () => {
    const child = start(['check', '--input', 'jsonl']);
    child.stdout.setEncoding('utf8');
    const heard = (): Promise<string> => new Promise((resolve) => child.stdout.once('data', resolve));
    child.stdin.write(`${JSON.stringify({ id: 1, language: 'Python', code: 'print(1)' })}\n`);
    expect(JSON.parse(await heard())).toMatchObject({ id: 1, decision: 'Allow' });
    child.stdin.write(`${JSON.stringify({ id: 2, language: 'Python', code: DENIED })}\n`);
    expect(JSON.parse(await heard())).toMatchObject({ id: 2, decision: 'Deny' });
    child.stdin.end();
    expect(await new Promise((done) => child.on('close', done))).toBe(1);
  });

  test('a reader that goes away ends the work quietly, and not with 0', async () => {
    const child = start(['check', '--input', 'jsonl']);
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.stdin.on('error', () => undefined);
    child.stdout.once('data', () => child.stdout.destroy());
    for (let id = 0; id < 3000; id += 1)
      child.stdin.write(`${JSON.stringify({ id, language: 'Python', code: HONEST })}\n`);
    child.stdin.end();
    expect(await new Promise((done) => child.on('close', done))).toBe(3);
    expect(stderr).toBe('');
  });
});
