import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createAnalyser } from '../../../src/analysis-worker/analyser.ts';
import { connectKube } from '../../../src/kube/client.ts';
import { kubeconfigConnection } from '../../../src/kube/connection.ts';
import { createLogger } from '../../../src/telemetry/logger.ts';
import { createMetrics } from '../../../src/telemetry/metrics.ts';
import { runWebhook } from '../../../src/webhook/run.ts';
import type { RunningWebhook } from '../../../src/webhook/run.ts';
import { startControlPlane } from './control-plane.ts';

const ROOT = join(import.meta.dirname, '../../..');
let cluster: Awaited<ReturnType<typeof startControlPlane>>;
let webhook: RunningWebhook;
let closeAll: (() => Promise<unknown>)[] = [];
const logs: string[] = [];

const CONFIG = {
  namespace: 'sekisho-system',
  serviceName: 'sekisho-webhook',
  port: 0,
  certificate: 'self-managed',
  certificateSecret: 'sekisho-webhook-tls',
  certificateDirectory: '',
  webhookConfiguration: 'sekisho',
  pluginsServed: false,
  controllerUsername: 'system:serviceaccount:sekisho-system:sekisho-controller',
  healthAddress: '127.0.0.1:0',
} as const;

/** The webhook as the installation runs it: as its own ServiceAccount, with no more rights than the chart gives. */
async function startWebhook(): Promise<RunningWebhook> {
  const token = (await cluster.must(['-n', CONFIG.namespace, 'create', 'token', 'sekisho-webhook'])).trim();
  const admin = await kubeconfigConnection(cluster.kubeconfig);
  const { ca = '' } = admin.tls;
  const client = connectKube({
    connection: { ...admin, tls: { ca }, authorization: () => Promise.resolve(`Bearer ${token}`) },
  });
  const analyser = createAnalyser({
    entry: new URL('../../../src/analysis-worker/entry.ts', import.meta.url),
    deadlineMilliseconds: 2000,
  });
  const logger = createLogger({
    level: 'info',
    name: 'webhook',
    destination: { write: (line) => void logs.push(line) },
  });
  const running = await runWebhook(CONFIG, {
    client,
    analyser,
    logger,
    metrics: createMetrics(),
    lingerMilliseconds: 0,
  });
  closeAll = [() => running.close(), () => analyser.close(), () => client.close()];
  return running;
}

async function untilReady(): Promise<void> {
  for (let left = 100; left > 0; left -= 1) {
    const answer = await fetch(`http://127.0.0.1:${webhook.healthPort}/readyz`);
    if (answer.ok) return;
    await wait(100);
  }
  throw new Error(`never ready:\n${logs.join('')}`);
}

const USERS = `
apiVersion: v1
kind: Namespace
metadata: {name: team-a}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: assistant, namespace: team-a}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: edit, namespace: team-a}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: sekisho-edit}
subjects:
  - {kind: User, apiGroup: rbac.authorization.k8s.io, name: alice}
  - {kind: ServiceAccount, name: assistant, namespace: team-a}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: view, namespace: team-a}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: sekisho-view}
subjects:
  - {kind: User, apiGroup: rbac.authorization.k8s.io, name: alice}
  - {kind: ServiceAccount, name: assistant, namespace: team-a}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: alice-is-user}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: sekisho-role-user}
subjects:
  - {kind: User, apiGroup: rbac.authorization.k8s.io, name: alice}
---
# No pod can run without a node, so that the Service leads to this process instead.
apiVersion: v1
kind: Service
metadata: {name: sekisho-webhook, namespace: sekisho-system}
spec: {type: ExternalName, externalName: localhost}
`;

beforeAll(async () => {
  cluster = await startControlPlane('webhook', '10.210.0.0/16');
  await cluster.must(['apply', '--server-side', '-f', join(ROOT, 'manifests/sekisho.yaml')]);
  await cluster.must(['wait', '--for=condition=Established', 'crd', '-l', 'app.kubernetes.io/name=sekisho']);
  await cluster.must(['apply', '--server-side', '-f', join(ROOT, 'manifests/defaults.yaml')]);
  await cluster.must(['-n', CONFIG.namespace, 'delete', 'service', 'sekisho-webhook', '--ignore-not-found']);
  await cluster.must(['apply', '-f', '-'], USERS);
  webhook = await startWebhook();
  const configuration = ['get', 'mutatingwebhookconfiguration', 'sekisho', '-o', 'json'];
  const { webhooks } = JSON.parse(await cluster.must(configuration)) as {
    readonly webhooks: readonly object[];
  };
  const port = webhooks.map((_webhook, index) => ({
    op: 'replace',
    path: `/webhooks/${index}/clientConfig/service/port`,
    value: webhook.port,
  }));
  await cluster.must([
    'patch',
    'mutatingwebhookconfiguration',
    'sekisho',
    '--type=json',
    '-p',
    JSON.stringify(port),
  ]);
  await untilReady();
  // A ValidatingAdmissionPolicy counts from when the API server has compiled it.
  await wait(2000);
}, 120_000);

afterAll(async () => {
  for (const close of closeAll) await close();
  if (process.env['KEEP_CLUSTER'] === undefined) await cluster.down();
}, 60_000);

const HONEST = 'print(1)';
const ATTACK = 'import os\nwhile True:\n    os.fork()\n';
const request = (name: object, spec: object = {}) =>
  JSON.stringify({
    apiVersion: 'sekisho.dev/v1alpha1',
    kind: 'CodeExecutionRequest',
    metadata: { namespace: 'team-a', ...name },
    spec: { language: 'Python', code: HONEST, role: 'user', ...spec },
  });
const FORGED = {
  requester: { username: 'root', uid: '0', groups: ['system:masters'], extra: { scopes: ['all'] } },
};
const AS_ALICE = ['--as=alice'];
const RAW = '/apis/sekisho.dev/v1alpha1/namespaces/team-a/codeexecutionrequests';

async function whoami(as: readonly string[]): Promise<unknown> {
  const { status } = JSON.parse(await cluster.must(['auth', 'whoami', '-o', 'json', ...as]));
  return status.userInfo;
}

async function requesterOf(name: string): Promise<unknown> {
  return JSON.parse(await cluster.must(['-n', 'team-a', 'get', 'cer', name, '-o', 'json'])).spec.requester;
}

test('the API server trusts what the webhook serves', async () => {
  const bundle = await cluster.must([
    'get',
    'mutatingwebhookconfiguration',
    'sekisho',
    '-o',
    'jsonpath={.webhooks[0].clientConfig.caBundle}',
  ]);
  expect(Buffer.from(bundle, 'base64').toString()).toMatch(/^-----BEGIN CERTIFICATE-----/);
});

describe('whatever is written as requester, the stored one is who called', () => {
  test.each<readonly [string, readonly string[], readonly string[]]>([
    ['create', ['create', '-f', '-'], AS_ALICE],
    ['apply', ['apply', '-f', '-'], AS_ALICE],
    ['server-side apply', ['apply', '--server-side', '-f', '-'], AS_ALICE],
    ['create --raw', ['create', '--raw', RAW, '-f', '-'], AS_ALICE],
    [
      'impersonation with uid, groups and extra',
      ['create', '-f', '-'],
      [
        '--as=alice',
        '--as-uid=u-7',
        '--as-group=z',
        '--as-group=a',
        '--as-user-extra=example.com/reason=x',
        '--as-user-extra=example.com/reason=y',
      ],
    ],
    ['the administrator', ['create', '-f', '-'], []],
  ])('%s', async (what, command, as) => {
    const name = `forged-${what
      .replaceAll(/[^a-z]+/g, '-')
      .slice(0, 20)
      .replace(/-$/, '')}`;
    await cluster.must([...command, ...as], request({ name }, FORGED));
    expect(await requesterOf(name)).toEqual(await whoami(as));
  });

  test('a ServiceAccount', async () => {
    const token = (await cluster.must(['-n', 'team-a', 'create', 'token', 'assistant'])).trim();
    // The administrator's client certificate would win over the token.
    const as = [
      '--kubeconfig=/dev/null',
      `--server=${(await kubeconfigConnection(cluster.kubeconfig)).origin}`,
      '--insecure-skip-tls-verify',
      `--token=${token}`,
    ];
    await cluster.must(['create', '-f', '-', ...as], request({ name: 'by-assistant' }, FORGED));
    const me = await whoami(as);
    expect(me).toMatchObject({ username: 'system:serviceaccount:team-a:assistant' });
    expect(await requesterOf('by-assistant')).toEqual(me);
  });

  test('generateName', async () => {
    const created = await cluster.must(
      ['create', '-f', '-', '-o', 'json', ...AS_ALICE],
      request({ generateName: 'run-' }, FORGED),
    );
    expect(JSON.parse(created).spec.requester).toEqual(await whoami(AS_ALICE));
  });

  test.each([['absent'], ['null'], ['a string'], ['a list']])('a requester that is %s', async (what) => {
    const written =
      {
        absent: {},
        null: { requester: null },
        'a string': { requester: 'root' },
        'a list': { requester: ['root'] },
      }[what] ?? {};
    const created = await cluster.must(
      ['create', '--raw', RAW, '-f', '-', ...AS_ALICE],
      request({ generateName: 'odd-' }, written),
    );
    expect(JSON.parse(created).spec.requester).toEqual(await whoami(AS_ALICE));
  });
});

describe('a dry run tells the verdict and creates nothing', () => {
  test('denied', async () => {
    const { code, stderr } = await cluster.kubectl(
      ['apply', '--dry-run=server', '-f', '-', ...AS_ALICE],
      request({ name: 'dry' }, { code: ATTACK }),
    );
    expect(code).toBe(0);
    expect(stderr).toMatch(/^Warning: Denied \(risk \d+ of 100\): \d+ findings?$/m);
    expect(stderr).toMatch(/^Warning: main\.py:3:5 PY-FORK \w+: \S/m);
    expect((await cluster.kubectl(['-n', 'team-a', 'get', 'cer', 'dry'])).stderr).toContain('NotFound');
  });

  test('in Japanese', async () => {
    const { stderr } = await cluster.kubectl(
      ['apply', '--dry-run=server', '-f', '-', ...AS_ALICE],
      request({ name: 'dry' }, { code: ATTACK, locale: 'ja' }),
    );
    expect(stderr).toMatch(/^Warning: 拒否（リスク \d+\/100）: 検出 \d+ 件$/m);
  });

  test('a role that is not held', async () => {
    const { stderr } = await cluster.kubectl(
      ['apply', '--dry-run=server', '-f', '-', ...AS_ALICE],
      request({ name: 'dry' }, { role: 'admin' }),
    );
    expect(stderr).toContain('Warning: alice does not hold role "admin".');
  });

  test('an honest program: no warning', async () => {
    const { code, stderr } = await cluster.kubectl(
      ['apply', '--dry-run=server', '-f', '-', ...AS_ALICE],
      request({ name: 'dry' }),
    );
    expect([code, stderr]).toEqual([0, '']);
  });
});

describe('what cannot be judged is refused with field, value and remedy', () => {
  test.each<readonly [string, object, string]>([
    [
      'an unknown language',
      { language: 'Ruby' },
      'spec.language is "Ruby", which is not known. Use one of: Python, JavaScript, TypeScript, Bash.',
    ],
    ['in Japanese', { language: 'Ruby', locale: 'ja' }, 'spec.language の "Ruby" は使えません。'],
    [
      'a deadline of zero',
      { deadlineSeconds: 0 },
      'spec.deadlineSeconds is 0, but must be at least 1. Raise it.',
    ],
    ['empty code', { code: '' }, 'spec.code has 0 characters, but must have at least 1. Fill it in.'],
    [
      'too much code',
      { code: 'x'.repeat(262_145) },
      'spec.code has 262145 characters, but may have at most 262144. Shorten it.',
    ],
    ['too many bytes', { code: `#${'あ'.repeat(100_000)}` }, 'spec.code has 300001 bytes of UTF-8'],
  ])('%s', async (_what, spec, sentence) => {
    const { code, stderr } = await cluster.kubectl(
      ['create', '-f', '-', ...AS_ALICE],
      request({ name: 'bad' }, spec),
    );
    expect(code).toBe(1);
    expect(stderr).toContain(sentence);
  });
});

const policy = (name: string, spec: object) =>
  JSON.stringify({
    apiVersion: 'sekisho.dev/v1alpha1',
    kind: 'ExecutionPolicy',
    metadata: { name },
    spec,
  });

/** What a dry run of the program says under a policy, once the webhook has heard of the policy. */
async function underPolicy(spec: object, code: string, heard: RegExp): Promise<string> {
  await cluster.must(['apply', '-f', '-'], policy('tried', spec));
  try {
    let said = '';
    for (let left = 50; left > 0 && !heard.test(said); left -= 1) {
      const dryRun = ['create', '--dry-run=server', '-f', '-', ...AS_ALICE];
      said = (await cluster.kubectl(dryRun, request({ name: 'dry' }, { code }))).stderr;
      await wait(100);
    }
    return said;
  } finally {
    await cluster.must(['delete', 'executionpolicy', 'tried']);
  }
}

describe('a policy', () => {
  test('that rejects refuses at admission', async () => {
    const said = await underPolicy({ onDeny: 'Reject' }, ATTACK, /Forbidden/);
    expect(said).toMatch(/Forbidden.*\n?.*Denied \(risk \d+ of 100\): /);
  });

  test('brings rules and actions of its own, by call, argument and expression', async () => {
    const customRules = [
      { id: 'CUSTOM-CALL', severity: 'High', message: 'No billing.', call: 'billing.*' },
      { id: 'CUSTOM-HOST', severity: 'Low', message: 'An inner host.', argument: '[.]internal$' },
      { id: 'CUSTOM-ALL', severity: 'Low', message: 'Acts.', expression: '"charge_card" in actions' },
    ];
    const actions = [{ call: 'billing.charge', action: 'charge_card' }];
    const code = 'import billing\nbilling.connect("db" + ".internal")\nbilling.charge(1)\n';
    const said = await underPolicy({ customRules, actions }, code, /CUSTOM-CALL/);
    for (const sentence of [
      'main.py:2:1 CUSTOM-CALL High: No billing.',
      'main.py:2:1 CUSTOM-HOST Low: An inner host.',
      'main.py:1:1 CUSTOM-ALL Low: Acts.',
      'The code performs "charge_card", which role "user" does not allow.',
    ])
      expect(said).toContain(sentence);
  });

  test('of profile strict asks for approval of a single capability', async () => {
    const code = 'import requests\nrequests.get("https://a.example.com")\n';
    expect(await underPolicy({ profile: 'strict' }, code, /PY-NET/)).toMatch(/Warning: .*[Aa]pprov/);
  });

  test('can except hosts from a rule', async () => {
    const rules = [{ id: 'PY-NET', severity: 'High', except: { hosts: ['*.example.com'] } }];
    const get = (host: string) => `import requests\nrequests.get("https://${host}/")\n`;
    expect(await underPolicy({ rules }, get('a.example.org'), /PY-NET High/)).toContain('Denied');
    expect(await underPolicy({ rules }, get('a.example.com'), /^$/)).toBe('');
  });

  test.each([
    [
      'a rule that does not exist',
      { rules: [{ id: 'PY-NETT' }] },
      'spec.rules[0].id is "PY-NETT", which is no rule of this version.',
    ],
    [
      'a pattern that is not RE2',
      { customRules: [{ id: 'CUSTOM-A', severity: 'High', message: 'x', argument: '(?=a)' }] },
      'spec.customRules[0].argument is no regular expression in the syntax of RE2',
    ],
    [
      'an expression that does not compile',
      { customRules: [{ id: 'CUSTOM-A', severity: 'High', message: 'x', expression: 'riskScore >' }] },
      'spec.customRules[0].expression is no CEL expression',
    ],
    [
      'a rule that says it in two ways',
      { customRules: [{ id: 'CUSTOM-A', severity: 'High', message: 'x', expression: 'true', call: 'a' }] },
      'spec.customRules[0] must have either expression, or call, argument or both.',
    ],
  ])('with %s is refused by field', async (_what, spec, sentence) => {
    const { code, stderr } = await cluster.kubectl(['create', '-f', '-'], policy('broken', spec));
    expect(code).toBe(1);
    expect(stderr).toContain(sentence);
  });
});

test('a role made a moment ago is not called missing', async () => {
  const role = {
    apiVersion: 'sekisho.dev/v1alpha1',
    kind: 'ExecutionRole',
    metadata: { name: 'new' },
    spec: {},
  };
  const both = JSON.stringify({
    apiVersion: 'v1',
    kind: 'List',
    items: [role, JSON.parse(request({ name: 'at-once' }, { role: 'new' }))],
  });
  const { code, stderr } = await cluster.kubectl(['create', '-f', '-'], both);
  expect([code, stderr]).toEqual([0, '']);
});

test('no line of log holds code', () => {
  expect(logs.length).toBeGreaterThan(10);
  expect(logs.join('')).not.toMatch(/os\.fork|print\(1\)/);
});

test('how long an admission takes', async () => {
  const client = connectKube({ connection: await kubeconfigConnection(cluster.kubeconfig) });
  closeAll.push(() => client.close());
  const timed = async (code: string) => {
    const times: number[] = [];
    for (let count = 0; count < 60; count += 1) {
      const before = performance.now();
      const body = request({ name: 'timed' }, { code: `${code}\n# ${count}` });
      expect(
        (await client.request('POST', `${RAW}?dryRun=All`, { body, contentType: 'application/json' })).status,
      ).toBe(201);
      times.push(performance.now() - before);
    }
    times.sort((a, b) => a - b);
    return { p50: times[30], p95: times[57] };
  };
  const small = await timed(HONEST);
  const large = await timed('x = 1 + 2\n'.repeat(2000));
  const lines = logs
    .map((line) => JSON.parse(line))
    .filter(({ msg }) => msg === 'admission answered')
    .slice(-120);
  const own = lines.map(({ milliseconds }) => Number(milliseconds));
  const median = (values: readonly number[]) =>
    values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
  process.stdout.write(
    `${JSON.stringify({ small, large, ownSmall: median(own.slice(0, 60)), ownLarge: median(own.slice(60)) })}\n`,
  );
  expect(small.p95).toBeLessThan(1000);
}, 60_000);

test('while the webhook is away nothing is created and everything can be deleted', async () => {
  await webhook.close();
  const { code, stderr } = await cluster.kubectl(
    ['create', '-f', '-', ...AS_ALICE],
    request({ name: 'unseen' }),
  );
  expect(code).toBe(1);
  expect(stderr).toMatch(/failed calling webhook "codeexecutionrequests\.sekisho\.dev"/);
  await cluster.must(['-n', 'team-a', 'delete', 'cer', '--all', ...AS_ALICE]);
}, 30_000);
