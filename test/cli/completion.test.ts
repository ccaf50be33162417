/** Completion of command lines: by kubectl's protocol, and as a shell uses it. */
import { spawnSync } from 'node:child_process';
import { chmodSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { programOf } from '../../src/cli/arguments.ts';
import { clusterOf, placeOf } from '../../src/cli/completion/place.ts';
import { folderWith, sekisho } from './command.ts';

const program = programOf(() => undefined, '0.0.0');
const placeAt = (line: string) => placeOf(program, line.split(' '));
const wordsAt = (line: string): readonly string[] => {
  const place = placeAt(line);
  return place.kind === 'words' ? place.words.map(({ word }) => word) : [place.kind];
};

describe('where the cursor is', () => {
  test.each<readonly [string, object]>([
    ['show ', { kind: 'names', of: 'requests', command: 'show' }],
    ['explain ', { kind: 'names', of: 'requests', command: 'show' }],
    ['approve ', { kind: 'names', of: 'requests', command: 'approve' }],
    ['approve one --reason because --ti', { kind: 'words' }],
    ['approve one --reason ', { kind: 'nothing' }],
    ['approve -n ', { kind: 'names', of: 'namespaces' }],
    ['approve -n demo ', { kind: 'names', of: 'requests' }],
    ['run --role ', { kind: 'names', of: 'roles' }],
    ['run ', { kind: 'files' }],
    ['run --role user file.py -- ', { kind: 'files' }],
    ['check --role ', { kind: 'files' }],
    ['check one two ', { kind: 'files' }],
    ['rules ', { kind: 'rules' }],
    ['pending ', { kind: 'nothing' }],
    ['show one ', { kind: 'nothing' }],
  ])('%s', (line, place) => {
    expect(placeAt(line)).toMatchObject(place);
  });

  test.each<readonly [string, readonly string[]]>([
    ['get -o ', ['json', 'yaml']],
    ['can-i --verb ', ['use', 'approve', 'break-glass']],
    ['audit ', ['verify']],
    ['completion ', ['bash', 'zsh', 'fish']],
  ])('%s offers words', (line, words) => {
    expect(wordsAt(line)).toEqual(words);
  });

  test('offers each command, and each option with its meaning', () => {
    expect(wordsAt('')).toEqual(
      expect.arrayContaining(['check', 'rules', 'run', 'get', 'show', 'explain', 'approve', 'deny', 'can-i']),
    );
    expect(wordsAt('approve -')).toEqual(
      expect.arrayContaining(['--reason', '--digest', '--break-glass', '--ticket', '--namespace', '--help']),
    );
    expect(wordsAt('deny -')).not.toContain('--break-glass');
  });

  test('knows the cluster that the line names', () => {
    expect(clusterOf(['show', '-n', 'demo', '--kubeconfig=/tmp/k', ''])).toEqual({
      namespace: 'demo',
      kubeconfig: '/tmp/k',
    });
    // What is only begun is no namespace.
    expect(clusterOf(['show', '-n', 'de'])).toEqual({});
  });
});

describe('the command', () => {
  let bin: ReturnType<typeof folderWith>;
  beforeAll(() => {
    const main = resolve('src/cli/main.ts');
    bin = folderWith({ sekisho: `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n` });
    chmodSync(join(bin.path, 'sekisho'), 0o755);
    symlinkSync(main, join(bin.path, 'kubectl_complete-sekisho'));
  });
  afterAll(() => bin.remove());

  test('answers a word a line, its meaning, and that nothing else may stand there', async () => {
    expect(await sekisho(['__complete', 'audit', 've'])).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^verify\tCheck that [^\n]+\n:4\n$/),
      stderr: '',
    });
    expect(await sekisho(['__complete', 'check', ''])).toMatchObject({ stdout: ':0\n' });
    expect(await sekisho(['__complete', 'rules', 'PY-FORK'])).toMatchObject({
      stdout: expect.stringMatching(/^PY-FORK\t.+\n:4\n$/),
    });
  });

  test('says nothing where there is no cluster to ask', async () => {
    const line = ['__complete', 'show', '--kubeconfig', '/nowhere', ''];
    expect(await sekisho(line)).toEqual({ code: 0, stdout: ':4\n', stderr: '' });
  });

  test('answers kubectl under the name by which it asks', () => {
    const { stdout } = spawnSync(process.execPath, [join(bin.path, 'kubectl_complete-sekisho'), 'canc'], {
      encoding: 'utf8',
    });
    expect(stdout).toMatch(/^cancel\t.+\n:4\n$/);
  });

  test('teaches bash', () => {
    const completed = (...words: readonly string[]) => {
      const line = ['sekisho', ...words].map((word) => `'${word}'`).join(' ');
      const script = [
        'source <(sekisho completion bash)',
        `COMP_WORDS=(${line}); COMP_CWORD=${words.length}; _sekisho; printf '%s\\n' "\${COMPREPLY[@]}"`,
      ].join('\n');
      const PATH = `${bin.path}:${process.env['PATH'] ?? ''}`;
      return spawnSync('bash', ['-c', script], { encoding: 'utf8', env: { PATH } }).stdout;
    };
    expect(completed('app')).toBe('approve\n');
    expect(completed('check', '--format', 'js')).toBe('json\njsonl\n');
  });

  test.each([
    ['zsh', '#compdef sekisho'],
    ['fish', 'complete -c sekisho'],
  ])('has a script for %s too', async (shell, words) => {
    expect(await sekisho(['completion', shell])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(words),
    });
  });

  test('knows no other shell', async () => {
    expect(await sekisho(['completion', 'tcsh'])).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('bash, zsh, fish'),
    });
  });
});
