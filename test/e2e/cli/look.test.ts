/** What people see before they decide, and what programs read: `get`, `show`, `-o`, `can-i --verb`, completion. With client certificates. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import * as yaml from 'js-yaml';
import type { CodeExecutionRequest } from '../../../src/api/parse.ts';
import { newApprovalTenant, settled } from '../support/approvals.ts';
import type { ApprovalTenant } from '../support/approvals.ts';
import { must, read, run } from '../support/kubectl.ts';
import type { Ended } from '../support/kubectl.ts';
import { newPerson } from '../support/person.ts';
import type { Person } from '../support/person.ts';

jest.setTimeout(180_000);

let tenant: ApprovalTenant;
let bob: Person;
let carol: Person;
beforeAll(async () => {
  tenant = await newApprovalTenant('look', { approverGroups: ['system:authenticated'] });
  [bob, carol] = (await Promise.all(
    ['bob', 'carol'].map(async (name) => newPerson(await tenant.approver(name))),
  )) as [Person, Person];
});
afterAll(async () => {
  bob.end();
  carol.end();
  await tenant.end();
});

const sekisho = (person: Person, ...args: readonly string[]): Promise<Ended> =>
  run(process.execPath, [
    ...['src/cli/main.ts', ...args, '--kubeconfig', person.kubeconfig],
    ...(args.includes('-A') ? [] : ['--namespace', tenant.namespace]),
  ]);

async function ask(code: string): Promise<CodeExecutionRequest> {
  const { metadata } = await tenant.create({ role: tenant.role, actions: ['grant_admin'], code });
  return settled(tenant, metadata.name, ({ state }) => state === 'AwaitingApproval', 'it awaits approval');
}
const approve = (person: Person, { metadata, status }: CodeExecutionRequest) =>
  sekisho(person, 'approve', metadata.name, '--reason', 'Seen.', '--digest', status.verdict?.digest ?? '');

describe('what differs from what somebody approved before', () => {
  test('stands below the whole code, for them alone, as long as the earlier request exists', async () => {
    const first = await ask('total = 1\nprint(total)\n');
    expect((await sekisho(bob, 'show', first.metadata.name)).stdout).not.toContain('Changes since');
    expect(await approve(bob, first)).toMatchObject({ code: 0 });
    await tenant.ended(first.metadata.name);

    const second = await ask('total = 2\nprint(total)\n');
    const { stdout } = await sekisho(bob, 'show', second.metadata.name);
    const [whole, changes] = stdout.split(`Changes since ${first.metadata.name}`);
    expect(whole).toContain('  1 | total = 2\n  2 | print(total)\n');
    expect(whole).toContain(second.status.verdict?.digest);
    expect(changes).toContain(
      '  main.py:\n    @@ -1,2 +1,2 @@\n    -total = 1\n    +total = 2\n     print(total)\n',
    );
    expect((await sekisho(carol, 'show', second.metadata.name)).stdout).not.toContain('Changes since');

    // What is approved shows it too.
    expect((await approve(bob, second)).stdout).toContain('    -total = 1\n    +total = 2\n');
    const third = await ask('total = 2\nprint(total)\n');
    expect((await sekisho(bob, 'show', third.metadata.name)).stdout).toMatch(
      new RegExp(`Changes since ${second.metadata.name}, [^\\n]+\\n  none: exactly the same would run`),
    );
    for (const { metadata } of [first, second])
      await must(['-n', tenant.namespace, 'delete', 'cer', metadata.name]);
    expect((await sekisho(bob, 'show', third.metadata.name)).stdout).not.toContain('Changes since');
    await tenant.cancel(third.metadata.name);
  });
});

describe('for programs', () => {
  test('get, show and pending answer the objects as they are stored, in JSON and YAML', async () => {
    const request = await ask('print("for programs")\n');
    const { name } = request.metadata;
    const stored = await read<object>(['-n', tenant.namespace, 'get', 'cer', name]);
    for (const command of ['get', 'show']) {
      expect(JSON.parse((await sekisho(bob, command, name, '-o', 'json')).stdout)).toEqual(stored);
      expect(
        yaml.load((await sekisho(bob, command, name, '-o', 'yaml')).stdout, { schema: yaml.JSON_SCHEMA }),
      ).toEqual(stored);
    }
    const { items } = JSON.parse((await sekisho(bob, 'pending', '-o', 'json')).stdout) as {
      items: readonly CodeExecutionRequest[];
    };
    expect(items.map(({ metadata }) => metadata.name)).toEqual([name]);
    await tenant.cancel(name);
  });

  test('get lists the newest first, and tells of one; what is not there is told', async () => {
    const { metadata } = await tenant.create({ code: 'print("result")' });
    await tenant.ended(metadata.name);
    const { stdout } = await sekisho(bob, 'get');
    expect(stdout.split('\n')[0]).toMatch(
      /^NAMESPACE +NAME +STATE +DECISION +RISK +ROLE +REQUESTER +RESULT +AGE$/,
    );
    expect(stdout.split('\n')[1]).toMatch(
      new RegExp(
        `^${tenant.namespace} +${metadata.name} +Succeeded +Allow +0 +user +${tenant.user} +Completed +\\d+s$`,
      ),
    );
    expect((await sekisho(bob, 'get', metadata.name)).stdout.trim().split('\n')).toHaveLength(2);
    expect(await sekisho(bob, 'get', 'nothing')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('there is no CodeExecutionRequest "nothing"'),
    });
    // A right of this namespace alone.
    expect(await sekisho(bob, 'get', '-A')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('cannot list'),
    });
    expect(JSON.parse((await sekisho(bob, 'logs', metadata.name, '-o', 'json')).stdout)).toMatchObject({
      reason: 'Completed',
      exitCode: 0,
      stdout: 'result\n',
    });
  });

  test('can-i answers question by question', async () => {
    const { code, stdout } = await sekisho(
      bob,
      'can-i',
      '--role',
      tenant.role,
      '--verb',
      'approve',
      '-o',
      'json',
    );
    expect([code, JSON.parse(stdout)]).toEqual([
      // Roles belong to the whole cluster, and an approver of a namespace may not read them.
      1,
      {
        ...{ role: tenant.role, verb: 'approve', can: false },
        answers: [
          { answer: 'yes', message: expect.stringContaining(`ClusterRoleBinding "${bob.name}"`) },
          {
            answer: 'yes',
            message: expect.stringContaining(`executionapprovals in namespace ${tenant.namespace}`),
          },
          { answer: 'unknown', message: expect.stringContaining('you may not read ExecutionRole') },
        ],
      },
    ]);
  });

  test('can-i tells an administrator who may decide, and why not', async () => {
    const asked = (...more: readonly string[]) =>
      run(process.execPath, [
        ...['src/cli/main.ts', 'can-i', '--role', tenant.role, '-n', tenant.namespace, '--as', bob.name],
        ...more,
      ]);
    expect(await asked('--verb', 'approve', '--as-group', 'system:authenticated')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`yes: role ${tenant.role} lets them decide`),
    });
    expect(await asked('--verb', 'approve')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('(spec.approval.approverGroups)'),
    });
    expect(await asked('--verb', 'break-glass')).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(
        /^no: RBAC does not grant \S+ the verb "break-glass"[^]*^no: role \S+ lets nobody break the glass/m,
      ),
    });
  });
});

describe('kubectl completes', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sekisho-bin-'));
    const run_ = (more: string) =>
      `#!/bin/sh\nexec '${process.execPath}' '${resolve('src/cli/main.ts')}' ${more}"$@"\n`;
    for (const [name, more] of [
      ['kubectl-sekisho', ''],
      ['kubectl_complete-sekisho', '__complete '],
    ] as const) {
      writeFileSync(join(folder, name), run_(more));
      chmodSync(join(folder, name), 0o755);
    }
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('commands of the plugin, and the names of what waits', async () => {
    const request = await ask('print("complete me")\n');
    const complete = (...words: readonly string[]) =>
      run('env', [
        ...[`PATH=${folder}:${process.env['PATH'] ?? ''}`, `KUBECONFIG=${bob.kubeconfig}`],
        ...[process.env['SEKISHO_KUBECTL'] ?? 'kubectl', '__complete', 'sekisho', ...words],
      ]);
    expect((await complete('appr')).stdout).toMatch(/^approve\t/m);
    const { stdout } = await complete('approve', '-n', tenant.namespace, '');
    expect(stdout).toContain(`${request.metadata.name}\tAwaitingApproval\n`);
    // Nothing that has ended can be cancelled.
    const names = (await complete('cancel', '-n', tenant.namespace, '')).stdout.split('\n');
    expect(names.filter((line) => line.includes('\t'))).toEqual([
      `${request.metadata.name}\tAwaitingApproval`,
    ]);
    await tenant.cancel(request.metadata.name);
  });
});
