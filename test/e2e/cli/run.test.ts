/** `sekisho run`, `logs`, `cancel` and `can-i` against a real cluster, with the rights of who calls. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { eventually } from '../../support/eventually.ts';
import { items, must, run, withUser } from '../support/kubectl.ts';
import type { Ended } from '../support/kubectl.ts';
import type { CodeExecutionRequest } from '../../../src/api/parse.ts';
import { newTenant } from '../support/tenant.ts';
import type { Tenant } from '../support/tenant.ts';

jest.setTimeout(120_000);

let tenant: Tenant;
let token: string;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sekisho-run-'));
  tenant = await newTenant('cli-run');
  const { namespace } = tenant;
  const account = `${namespace}:agent`;
  await must(['-n', namespace, 'create', 'serviceaccount', 'agent']);
  for (const role of ['sekisho-edit', 'sekisho-view'])
    await must([
      ...['-n', namespace, 'create', 'rolebinding', `agent-${role}`],
      ...[`--clusterrole=${role}`, `--serviceaccount=${account}`],
    ]);
  await must([
    ...['create', 'clusterrolebinding', `${namespace}-agent`],
    ...['--clusterrole=sekisho-role-user', `--serviceaccount=${account}`],
  ]);
  token = (await must(['-n', namespace, 'create', 'token', 'agent'])).trim();
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  const bindings = ['agent', 'view'].map((name) => `${tenant.namespace}-${name}`);
  await must(['delete', 'clusterrolebinding', ...bindings, '--ignore-not-found']);
  await tenant.end();
});

/** Calls `use` with the words of a command that acts as the ServiceAccount. */
const asAgent = <T>(args: readonly string[], use: (words: readonly string[]) => Promise<T>): Promise<T> =>
  withUser(
    () => ({ token }),
    (flags) => {
      const kubeconfig = flags[flags.indexOf('--kubeconfig') + 1] ?? '';
      const [command = '', ...rest] = args;
      return use([
        'src/cli/main.ts',
        command,
        '--namespace',
        tenant.namespace,
        '--kubeconfig',
        kubeconfig,
        ...rest,
      ]);
    },
  );
const sekisho = (args: readonly string[], input = ''): Promise<Ended> =>
  asAgent(args, (words) => run(process.execPath, words, input));
const file = (name: string, code: string): string => {
  const path = join(folder, name);
  writeFileSync(path, code);
  return path;
};
const requests = () => items<CodeExecutionRequest>(['-n', tenant.namespace, 'get', 'cer']);

describe('sekisho run', () => {
  test('runs a file with its arguments, keeps the streams apart, and ends with its exit code', async () => {
    const path = file(
      'report.py',
      'import sys\nprint(sys.argv[1:])\nprint("oh", file=sys.stderr)\nsys.exit(7)\n',
    );
    const ended = await sekisho(['run', '--role', 'user', path, '--', '--days', '7']);
    expect(ended).toMatchObject({ code: 7, stdout: "['--days', '7']\n" });
    expect(ended.stderr).toMatch(/^sekisho: created .*\/run-\w+\n[^]*^oh$/m);

    const [{ metadata } = { metadata: { name: '' } }] = (await requests()).filter(
      ({ status }) => status?.result?.exitCode === 7,
    );
    expect(await sekisho(['logs', metadata.name])).toMatchObject({
      code: 0,
      stdout: "['--days', '7']\n",
      stderr: 'oh\n',
    });
  });

  test('says why a program is denied, where, and ends with 126', async () => {
    const ended = await sekisho(['run', '--role', 'user', '--language', 'Bash', '-'], ':(){ :|:& };:\n');
    expect(ended).toMatchObject({ code: 126, stdout: '' });
    expect(ended.stderr).toContain('sekisho: Denied.');
    expect(ended.stderr).toMatch(/^ {2}1:\d+: Critical SH-FORKBOMB/m);
  });

  test('ends with 125 when the program did not end by itself', async () => {
    const path = file('slow.py', 'import time\ntime.sleep(15)\n');
    expect(await sekisho(['run', '--role', 'user', '--deadline', '1', path])).toMatchObject({ code: 125 });
  });

  test('takes the request back when it is interrupted', async () => {
    const path = file('long.py', 'import time\ntime.sleep(19)\n');
    const code = await asAgent(['run', '--role', 'user', path], async (words) => {
      const child = spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'pipe'] });
      let said = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
      const ended = new Promise<number | null>((resolve) => {
        child.on('close', resolve);
      });
      await eventually(() => said.includes('sekisho: created'), {
        what: 'it is created',
        timeoutMilliseconds: 30_000,
      });
      child.kill('SIGINT');
      return ended;
    });
    expect(code).toBe(130);
    const cancelled = (await requests()).filter(({ spec }) => spec.cancel);
    expect(cancelled.map(({ status }) => status.state)).toEqual(['Cancelled']);
  });

  test('refuses what it cannot send, in a sentence', async () => {
    const unknown = await sekisho(['run', '--role', 'user', file('program', 'x')]);
    expect(unknown).toMatchObject({ code: 3, stderr: expect.stringContaining('name it with --language') });
    const missing = await sekisho(['run', '--role', 'user', join(folder, 'nothing.py')]);
    expect(missing).toMatchObject({ code: 3, stderr: expect.stringContaining('cannot be read') });
    const deadline = await sekisho(['run', '--role', 'user', '--deadline', '0', file('a.py', 'pass')]);
    expect(deadline).toMatchObject({ code: 3, stderr: expect.stringContaining('--deadline is 0') });
  });
});

describe('sekisho cancel and logs', () => {
  test('cancel ends what runs; logs of what has not ended says so', async () => {
    const { metadata } = await tenant.create({ code: 'import time\ntime.sleep(19)\n' });
    expect(await sekisho(['logs', metadata.name])).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('has not ended'),
    });
    expect(await sekisho(['cancel', metadata.name])).toMatchObject({ code: 0 });
    expect(await tenant.ended(metadata.name)).toMatchObject({ state: 'Cancelled' });
    expect(await sekisho(['cancel', 'nothing'])).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('there is no CodeExecutionRequest "nothing"'),
    });
  });
});

describe('sekisho can-i', () => {
  test('tells whether the role is held also to who may not read it', async () => {
    const { code, stdout } = await sekisho(['can-i', '--role', 'user', '--action', 'read_calendar']);
    expect([code, stdout]).toEqual([
      1,
      expect.stringMatching(/^yes: RBAC grants you [^]*^unknown: you may not read/m),
    ]);
    // Roles belong to the whole cluster.
    await must([
      ...['create', 'clusterrolebinding', `${tenant.namespace}-view`],
      ...['--clusterrole=sekisho-view', `--serviceaccount=${tenant.namespace}:agent`],
    ]);
    expect(await sekisho(['can-i', '--role', 'user', '--action', 'read_calendar'])).toMatchObject({
      code: 0,
    });
  });

  test('tells the role that is held, the binding that grants it, and what it allows', async () => {
    const actions = ['--action', 'read_calendar', '--action', 'grant_admin', '--action', 'export_contacts'];
    const { code, stdout } = await sekisho(['can-i', '--role', 'user', ...actions]);
    expect([code, stdout.split('\n')]).toEqual([
      1,
      [
        expect.stringMatching(
          new RegExp(`^yes: RBAC grants you .*ClusterRoleBinding "${tenant.namespace}-agent"`),
        ),
        'yes: the role allows read_calendar.',
        'with approval: the role lists grant_admin under approvalActions.',
        'no: role user does not list export_contacts.',
        '',
      ],
    ]);
  });

  test('tells of a role that is not held, and of one that does not exist', async () => {
    expect(await sekisho(['can-i', '--role', 'admin'])).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('no: RBAC does not grant you the verb "use" on executionroles/admin'),
    });
    expect(await sekisho(['can-i', '--role', 'nothing'])).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('there is no ExecutionRole "nothing"'),
    });
  });

  test('asks about somebody else for who may ask', async () => {
    const { code, stdout } = await run(process.execPath, [
      ...['src/cli/main.ts', 'can-i', '--role', 'user', '--as', tenant.user],
    ]);
    expect([code, stdout]).toEqual([0, expect.stringContaining(`ClusterRoleBinding "${tenant.namespace}"`)]);
    expect((await sekisho(['can-i', '--role', 'user', '--as', tenant.user])).code).toBe(3);
  });
});
