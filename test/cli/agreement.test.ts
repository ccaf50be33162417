/** The command decides what webhook and controller decide: the same programs, the same role and policy, the same answer. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import * as yaml from 'js-yaml';
import { parsePolicy, parseRequest } from '../../src/api/parse.ts';
import type { CodeExecutionRequest, ExecutionPolicy, ExecutionRole } from '../../src/api/parse.ts';
import type { Language } from '../../src/api/v1alpha1/names.ts';
import { profile } from '../../src/api/v1alpha1/execution-policy.ts';
import { analyse } from '../../src/core/analysis/engine.ts';
import { compileExpression } from '../../src/core/analysis/expression.ts';
import { languageOfFile } from '../../src/core/analysis/languages/index.ts';
import { profilePolicy } from '../../src/core/verdict/profiles.ts';
import { judgeRequest } from '../../src/judging/judge-request.ts';
import type { JudgePorts } from '../../src/judging/judge-request.ts';
import { aClass, aRole } from '../support/build.ts';
import { folderWith, sekisho } from './command.ts';

// Each test starts processes, which take their time on a busy machine.
jest.setTimeout(60_000);

interface Told {
  readonly path: string;
  readonly request?: string;
  readonly error?: string;
  readonly decision: string;
  readonly riskScore: number;
  readonly findings: readonly { readonly remedy?: string }[];
  readonly reasons: readonly object[];
  readonly actions: readonly string[];
}

/** What the operator's webhook and controller ask, of a cluster whose class gives everything and where everybody holds every role. */
function portsWith(roles: readonly ExecutionRole[], policies: readonly ExecutionPolicy[]): JudgePorts {
  const images = { Python: 'p', JavaScript: 'j', TypeScript: 't', Bash: 'b' };
  const generous = aClass({
    images,
    limits: { cpu: '64', memory: '64Gi', scratch: '1Gi', pids: 4096 },
    deadlineSeconds: 3600,
  });
  return {
    facts: {
      synced: () => true,
      stale: () => false,
      role: (name) => Promise.resolve(roles.find(({ metadata }) => metadata.name === name)),
      sandboxClass: () => Promise.resolve(generous),
      pluginsServed: false,
      plugin: () => Promise.resolve(undefined),
      policies: () => policies,
      namespaceLabels: () => Promise.resolve({}),
    },
    holdsRole: () => Promise.resolve(true),
    mayActFor: () => Promise.resolve(true),
    analyse: (source, options) => Promise.resolve(analyse(source, options, compileExpression)),
  };
}

function requestOf(object: object): CodeExecutionRequest {
  const parsed = parseRequest(object);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return parsed.value;
}

/** A file as a request for it would be. */
function sourceRequest(path: string): CodeExecutionRequest {
  const code = readFileSync(path, 'utf8');
  const language: Language | undefined = languageOfFile(path, code)?.name;
  return requestOf({ metadata: { name: 'a' }, spec: { language, code, role: 'user' } });
}

const requestsIn = (path: string): readonly CodeExecutionRequest[] =>
  yaml
    .loadAll(readFileSync(path, 'utf8'))
    .filter((object) => (object as { kind: string }).kind === 'CodeExecutionRequest')
    .map((object) => requestOf(object as object));

const without = (object: object, field: string): object =>
  Object.fromEntries(Object.entries(object).filter(([name]) => name !== field));

const wordsOfCluster = async (request: CodeExecutionRequest, ports: JudgePorts) => {
  const { verdict } = await judgeRequest(request, 'demo', ports);
  const findings = (verdict.findings ?? []).map((finding) => without(finding, 'excerpt'));
  const { decision, riskScore, reasons, actions } = verdict;
  return { decision, riskScore, findings, reasons, actions };
};

const wordsOfCommand = ({ decision, riskScore, findings, reasons, actions }: Told) => ({
  decision,
  riskScore,
  findings: findings.map((finding) => without(finding, 'remedy')),
  reasons,
  actions,
});

async function told(args: readonly string[]): Promise<readonly Told[]> {
  const { stdout, stderr } = await sekisho(['check', '--format', 'json', ...args]);
  expect(stderr).toBe('');
  return (JSON.parse(stdout) as { programs: readonly Told[] }).programs;
}

const ROLES = ['user', 'admin', 'root'].map((name) =>
  aRole(
    { allowedActions: ['read_calendar', 'create_event'], approvalActions: ['grant_admin', 'export_data'] },
    { name },
  ),
);
const roleText = (names: readonly string[]): string =>
  ROLES.filter(({ metadata }) => names.includes(metadata.name))
    .map(({ metadata: { name }, spec }) =>
      JSON.stringify({ apiVersion: 'sekisho.dev/v1alpha1', kind: 'ExecutionRole', metadata: { name }, spec }),
    )
    .join('\n---\n');

async function withFile<T>(text: string, work: (file: string) => Promise<T>): Promise<T> {
  const folder = folderWith({ 'given.yaml': text });
  try {
    return await work(resolve(join(folder.path, 'given.yaml')));
  } finally {
    folder.remove();
  }
}

const withRoles = <T>(names: readonly string[], work: (file: string) => Promise<T>): Promise<T> =>
  withFile(roleText(names), work);

const programs = readdirSync('test/rules', { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.(?:py|[mc]?[jt]sx?|sh|bash)$/.test(path))
  .map((path) => join('test/rules', path))
  .toSorted();

test('every program of test/rules', async () => {
  const all = await withRoles(['user'], (file) => told(['--role', file, 'test/rules', 'examples/agent']));
  expect(
    all
      .map(({ path }) => path)
      .filter((path) => path.startsWith('test/'))
      .toSorted(),
  ).toEqual(programs);
  const ports = portsWith(ROLES, []);
  for (const one of all) {
    const cluster = await wordsOfCluster(sourceRequest(one.path), ports);
    expect([one.path, wordsOfCommand(one)]).toEqual([one.path, cluster]);
  }
});

describe.each([undefined, ...profile.options])('every request of examples under profile %s', (name) => {
  const folders = ['examples/attacks', 'examples/honest', 'examples/roles'];
  const requests = folders.flatMap((folder) =>
    readdirSync(folder)
      .toSorted()
      .flatMap((file) => requestsIn(join(folder, file))),
  );
  test('is judged the same', async () => {
    const args = name === undefined ? [] : ['--profile', name];
    const all = await withRoles(['user', 'admin', 'root'], (file) =>
      told([...args, '--role', file, ...folders]),
    );
    expect(all.map(({ request }) => request)).toEqual(
      requests.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`),
    );
    const ports = portsWith(ROLES, name === undefined ? [] : [profilePolicy(name)]);
    for (const [index, one] of all.entries()) {
      const request = requests[index];
      if (!request) throw new Error('unreachable');
      expect([one.request, wordsOfCommand(one)]).toEqual([one.request, await wordsOfCluster(request, ports)]);
    }
    expect(new Set(all.map(({ decision }) => decision))).toEqual(
      new Set(['Allow', 'Deny', 'RequireApproval']),
    );
  });
});

/** Two policies with all that a policy may have: rules of its own, actions, exceptions, grades, a mode that only tells. */
const POLICIES = [
  {
    metadata: { name: 'house' },
    spec: {
      profile: 'strict',
      rules: [
        { id: 'PY-NET', except: { hosts: ['*.example.com'] } },
        { id: 'PY-EXEC-OS', severity: 'Low' },
        { id: 'SH-NET', enabled: false },
      ],
      customRules: [
        {
          id: 'CUSTOM-NO-PRINT',
          severity: 'Medium',
          message: 'No print.',
          messageJa: '印刷禁止。',
          call: 'print',
        },
        { id: 'CUSTOM-QUIET', severity: 'Low', message: 'Risky.', expression: 'riskScore > 50' },
      ],
      actions: [{ call: 'json.dumps', action: 'write_json' }],
    },
  },
  { metadata: { name: 'told' }, spec: { mode: 'Warn', denySeverities: ['Medium'], namespaceSelector: {} } },
];

test('every program of test/rules under policies with rules of their own', async () => {
  const manifests = POLICIES.map((policy) =>
    JSON.stringify({ apiVersion: 'sekisho.dev/v1alpha1', kind: 'ExecutionPolicy', ...policy }),
  );
  const policies = POLICIES.map((policy) => {
    const parsed = parsePolicy(policy);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
    return parsed.value;
  });
  const all = await withRoles(['user'], (roles) =>
    withFile(manifests.join('\n---\n'), (file) => told(['--role', roles, '--policy', file, 'test/rules'])),
  );
  const ports = portsWith(ROLES, policies);
  for (const one of all) {
    const cluster = await wordsOfCluster(sourceRequest(one.path), ports);
    expect([one.path, wordsOfCommand(one)]).toEqual([one.path, cluster]);
  }
  expect(JSON.stringify(all)).toContain('CUSTOM-NO-PRINT');
  expect(JSON.stringify(all)).toContain('CUSTOM-QUIET');
});

test('every wrong request of examples is refused by the command too', async () => {
  const files = readdirSync('examples/invalid').map((name) => `examples/invalid/${name}`);
  const all = await told(files);
  expect(all.map(({ path }) => path)).toEqual(files);
  for (const { path, error } of all) expect([path, error]).toEqual([path, expect.any(String)]);
});
