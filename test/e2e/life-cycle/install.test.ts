import { execFile } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '../../support/eventually.ts';

/** A cluster of its own, so that installing and removing harm no other test. */
const NAME = 'comes-and-goes';
const SUBNET = '10.217.0.0/16';
const run = promisify(execFile);
const environment = (name: string): string => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: run the tests through make test`);
  return value;
};

const cluster = async (...args: string[]) =>
  (await run(environment('SEKISHO_CLUSTER_BIN'), ['--name', NAME, ...args], { maxBuffer: 1 << 24 })).stdout;

/** What a cluster could leave on the machine, each as sorted lines. */
async function traces(): Promise<Record<string, readonly string[]>> {
  const output = async (command: string, ...args: string[]) =>
    (await run(command, args, { maxBuffer: 1 << 24 })).stdout.split('\n').filter(Boolean);
  const processes = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry));
  const commands = processes.flatMap((pid) => {
    try {
      return [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')];
    } catch {
      return [];
    }
  });
  const ofOurs = (lines: readonly string[]) => lines.filter((line) => line.includes(NAME)).toSorted();
  return {
    processes: ofOurs(commands.filter((command) => !command.includes('jest'))),
    mounts: ofOurs(readFileSync('/proc/self/mounts', 'utf8').split('\n')),
    namespaces: ofOurs(await output('ip', 'netns', 'list')),
    links: (await output('ip', '-o', 'address')).filter((line) => line.includes('10.217.')),
    routes: (await output('ip', 'route')).filter((line) => line.includes('10.217.')),
    rules: (await output('nft', 'list', 'ruleset')).filter((line) => line.includes('10.217.')),
    cgroups: ofOurs((await output('find', '/sys/fs/cgroup', '-maxdepth', '3', '-type', 'd')).map(String)),
    state: ofOurs(await output('find', '/var/lib/sekisho-cluster', '/run/sekisho-cluster', '-maxdepth', '1')),
  };
}

const NOTHING = {
  processes: [],
  mounts: [],
  namespaces: [],
  links: [],
  routes: [],
  rules: [],
  cgroups: [],
  state: [],
};

const REQUEST = {
  apiVersion: 'sekisho.dev/v1alpha1',
  kind: 'CodeExecutionRequest',
  metadata: { generateName: 'life-', namespace: 'default' },
  spec: { language: 'Bash', role: 'user', code: 'echo alive' },
};

describe('the life of an installation', () => {
  let folder = '';
  let kubeconfig = '';
  const kubectl = async (...args: string[]) =>
    (await run(environment('SEKISHO_KUBECTL'), ['--kubeconfig', kubeconfig, ...args], { maxBuffer: 1 << 24 }))
      .stdout;
  const helm = async (...args: string[]) =>
    (
      await run(
        environment('SEKISHO_HELM'),
        ['--kubeconfig', kubeconfig, '--namespace', 'sekisho-system', ...args],
        { maxBuffer: 1 << 24 },
      )
    ).stdout;

  jest.setTimeout(180_000);

  beforeAll(async () => {
    await cluster('down');
    expect(await traces()).toEqual(NOTHING);
    folder = await mkdtemp(join(tmpdir(), 'life-cycle-'));
    await cluster('up', '--subnet', SUBNET, '--no-gvisor');
    kubeconfig = (await cluster('kubeconfig')).trim();
    await cluster('load-image', environment('SEKISHO_TAR_OPERATOR'), environment('SEKISHO_TAR_SANDBOX_BASH'));
    await writeFile(join(folder, 'request.json'), JSON.stringify(REQUEST));
  });

  afterAll(async () => {
    await cluster('down');
    await rm(folder, { recursive: true, force: true });
  });

  /** Creates a request and answers what it printed. */
  async function outputOfARequest(): Promise<string> {
    const created = (
      await kubectl('create', '-f', join(folder, 'request.json'), '-o', 'jsonpath={.metadata.name}')
    ).trim();
    await eventually(
      async () => (await kubectl('get', 'cer', created, '-o', 'jsonpath={.status.state}')) === 'Succeeded',
      {
        what: `${created} succeeds`,
        timeoutMilliseconds: 60_000,
        intervalMilliseconds: 250,
      },
    );
    return kubectl('get', 'cer', created, '-o', 'jsonpath={.status.result.stdout}');
  }

  const secret = () =>
    kubectl('-n', 'sekisho-system', 'get', 'secret', 'sekisho-webhook-tls', '-o', 'jsonpath={.data}');
  const release = async (...args: string[]) =>
    helm(
      'upgrade',
      '--install',
      'sekisho',
      'helm/sekisho',
      '--create-namespace',
      '--values',
      environment('SEKISHO_VALUES'),
      '--set',
      'sandboxClasses.gvisor.enabled=false',
      '--force-conflicts',
      '--wait',
      '--timeout',
      '2m',
      ...args,
    );

  it('installs, runs a program, upgrades without losing the certificate, and runs another', async () => {
    await release();
    expect(await outputOfARequest()).toBe('alive\n');
    const before = await secret();
    expect(before).toContain('tls.crt');
    await release('--set', 'logLevel=debug');
    expect(await secret()).toBe(before);
    expect(await outputOfARequest()).toBe('alive\n');
  });

  it('uninstalls without a rest but the definitions and the requests, which are kept on purpose', async () => {
    await helm('uninstall', 'sekisho', '--wait', '--timeout', '2m');
    const kinds =
      'clusterrole,clusterrolebinding,mutatingwebhookconfiguration,validatingadmissionpolicy,validatingadmissionpolicybinding';
    const left = (await kubectl('get', kinds, '-o', 'name'))
      .split('\n')
      .filter((name) => name.includes('sekisho') && !name.includes('sekisho-cluster'));
    expect(left).toEqual([]);
    await eventually(
      async () => !(await kubectl('get', 'namespaces', '-o', 'name')).includes('sekisho-sandboxes'),
      {
        what: 'the sandbox namespace goes',
        timeoutMilliseconds: 60_000,
        intervalMilliseconds: 250,
      },
    );
    expect(await kubectl('get', 'crd', '-o', 'name')).toContain('codeexecutionrequests.sekisho.dev');
    expect(await kubectl('get', 'cer', '-A', '-o', 'name')).toContain('life-');
  });

  it('goes down without a trace', async () => {
    expect((await traces())['processes']).not.toEqual([]);
    await cluster('down');
    await eventually(async () => JSON.stringify(await traces()) === JSON.stringify(NOTHING), {
      what: 'nothing of the cluster is left on the machine',
      timeoutMilliseconds: 10_000,
      intervalMilliseconds: 250,
    }).catch(async () => expect(await traces()).toEqual(NOTHING));
  });
});
