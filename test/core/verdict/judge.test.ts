import { describe, expect, test } from '@jest/globals';
import { applicablePolicies } from '../../../src/core/verdict/policy.ts';
import { judge } from '../../../src/core/verdict/judge.ts';
import type { Case } from '../../../src/core/verdict/judge.ts';
import { REASONS } from '../../../src/core/verdict/reasons.ts';
import type { Reason } from '../../../src/core/verdict/reasons.ts';
import type { Plugin } from '../../../src/api/parse.ts';
import {
  aCase,
  aClass,
  aFinding,
  anOperation,
  aPlugin,
  aPolicy,
  aReport,
  aRole,
} from '../../support/build.ts';

const uses = (...actions: string[]) =>
  aReport({ actions: actions.map((action) => ({ action, line: 1, column: 1 })) });
const reasonsOf = (given: Case) => (judge(given).verdict.reasons ?? []).map(({ reason }) => reason);
const sentencesOf = (given: Case) => (judge(given).verdict.reasons ?? []).map(({ message }) => message);
const medium = (rule: string) => aFinding({ rule, severity: 'Medium' });
const scoring = (...rules: string[]) => aReport({ findings: rules.map(medium) });

/** A request for a plugin that declares an action of it, under a role that lists it. */
const asking = (plugin: string) => ({
  spec: { plugins: [plugin], actions: ['read_calendar'] },
  role: aRole({
    allowedActions: ['read_calendar'],
    plugins: ['calendar', 'notes'].map((name) => ({ name, operations: ['read_events', 'create_event'] })),
  }),
});
const served = (...plugins: Plugin[]) => ({
  served: true,
  found: new Map((plugins.length > 0 ? plugins : [aPlugin()]).map((one) => [one.metadata.name, one])),
});

/** For each reason a case that gives it and nothing else, what it decides, and a part of its sentence. */
const BY_REASON: Readonly<Record<Reason, readonly [Case, 'Deny' | 'RequireApproval', string]>> = {
  RoleNotFound: [aCase({ role: undefined }), 'Deny', '"user"'],
  RoleNotHeld: [aCase({ holdsRole: false }), 'Deny', 'alice does not hold role "user"'],
  ActForNotGranted: [
    aCase({ delegation: { refused: ['groups/admins'], holdsRole: true } }),
    'Deny',
    'spec.onBehalfOf names groups/admins, but alice may not act for it',
  ],
  ActionNotAllowed: [aCase({ spec: { actions: ['send_email'] } }), 'Deny', 'spec.actions names "send_email"'],
  ActionNeedsApproval: [
    aCase({ spec: { actions: ['send_email'] }, role: aRole({ approvalActions: ['send_email'] }) }),
    'RequireApproval',
    '"send_email"',
  ],
  LanguageNotAllowed: [aCase({ role: aRole({ languages: ['Bash'] }) }), 'Deny', 'Python'],
  ClassNotFound: [aCase({ sandboxClass: undefined }), 'Deny', '"default"'],
  ClassNotAllowed: [aCase({ role: aRole({ sandboxClassNames: ['small'] }) }), 'Deny', '"default"'],
  ImageMissing: [aCase({ sandboxClass: aClass({ images: {} }) }), 'Deny', 'spec.images.Python'],
  LimitAbove: [
    aCase({ spec: { limits: { memory: '101Mi' } } }),
    'Deny',
    'spec.limits.memory is 101Mi, but SandboxClass "default" gives at most 100Mi',
  ],
  PluginsNotServed: [aCase({ spec: { plugins: ['calendar'] } }), 'Deny', '"calendar"'],
  PluginNotFound: [aCase({ ...asking('notes'), plugins: served() }), 'Deny', 'no such Plugin'],
  PluginNotAllowed: [
    aCase({ ...asking('calendar'), role: aRole({ allowedActions: ['read_calendar'] }), plugins: served() }),
    'Deny',
    'role "user" does not list',
  ],
  PluginUnused: [
    aCase({ ...asking('calendar'), spec: { plugins: ['calendar'] }, plugins: served() }),
    'Deny',
    'Declare the actions',
  ],
  PluginNeedsApproval: [
    aCase({
      ...asking('calendar'),
      plugins: served(aPlugin({ operations: [anOperation({ risk: 'High' })] })),
    }),
    'RequireApproval',
    'calendar.read_events has risk High',
  ],
  CodeNotParsed: [aCase({ report: aReport({ parsed: false }) }), 'Deny', 'could not be read'],
  CodeRefused: [
    aCase({ report: aReport({ findings: [aFinding()] }) }),
    'Deny',
    'Rule PY-FORK (Critical) forbids line 3',
  ],
  RiskTooHigh: [aCase({ report: scoring('A-A', 'B-B', 'C-C', 'D-D') }), 'Deny', '80; at 70'],
  RiskNeedsApproval: [aCase({ report: scoring('A-A', 'B-B') }), 'RequireApproval', '40; at 40'],
};

describe('a verdict', () => {
  test('allows what nothing speaks against', () => {
    const { verdict, limits } = judge(aCase());
    expect(verdict).toMatchObject({
      decision: 'Allow',
      riskScore: 0,
      reasons: [],
      findings: [],
      policyRevision: 'standard@0',
      roleRevision: 'user@1',
      ruleSetDigest: 'sha256:0',
    });
    expect(limits).toEqual({ cpu: '300m', memory: '100Mi', scratch: '64Mi', pids: 64, deadlineSeconds: 20 });
  });

  test.each(Object.entries(BY_REASON))(
    'gives %s alone, with field and value',
    (reason, [given, decision, part]) => {
      expect(reasonsOf(given)).toEqual([reason]);
      expect(judge(given).verdict.decision).toBe(decision);
      expect(sentencesOf(given)[0]).toContain(part);
    },
  );

  test.each(Object.entries(BY_REASON))('says %s in Japanese, every parameter included', (reason, [given]) => {
    const english = sentencesOf(given)[0] ?? '';
    const japanese = sentencesOf({ ...given, spec: { ...given.spec, locale: 'ja' } })[0] ?? '';
    expect(japanese).toMatch(/[ぁ-ん]/);
    expect(japanese).not.toMatch(/undefined|\$\{/);
    for (const [name] of english.matchAll(/"[a-z_]+"(?! lists)/g)) {
      if (!name.includes('use')) expect(japanese).toContain(name);
    }
    expect(reason in REASONS).toBe(true);
  });

  test('grants of a plugin what role, request and actions have in common, and binds the digest to it', () => {
    const given = aCase({ ...asking('calendar'), plugins: served() });
    const { verdict } = judge(given);
    expect(verdict.plugins).toEqual([
      { name: 'calendar', uid: 'calendar-uid', revision: 'calendar@1', operations: ['read_events'] },
    ]);
    const digests = [aPlugin({}, { generation: 2 }), aPlugin({}, { uid: 'another' })].map(
      (plugin) => judge({ ...given, plugins: served(plugin) }).verdict.digest,
    );
    expect(new Set([verdict.digest, ...digests]).size).toBe(3);
  });

  test('collects every reason, denials before approvals', () => {
    const given = aCase({
      spec: {
        actions: ['grant_admin', 'send_email'],
        plugins: ['calendar'],
        limits: { pids: 65, cpu: '400m' },
        deadlineSeconds: 21,
      },
      report: aReport({
        parsed: false,
        findings: [aFinding()],
        actions: [{ action: 'delete_data', line: 9, column: 1 }],
      }),
      role: aRole({
        approvalActions: ['send_email'],
        languages: ['Bash'],
        sandboxClassNames: ['x'],
        maxLimits: { pids: 32 },
      }),
      holdsRole: false,
      sandboxClass: aClass({ images: {} }),
    });
    expect(reasonsOf(given)).toEqual([
      'RoleNotHeld',
      'ActionNotAllowed',
      'ActionNotAllowed',
      'LanguageNotAllowed',
      'ClassNotAllowed',
      'ImageMissing',
      'LimitAbove',
      'LimitAbove',
      'LimitAbove',
      'LimitAbove',
      'PluginsNotServed',
      'CodeNotParsed',
      'CodeRefused',
      'ActionNeedsApproval',
    ]);
    expect(judge(given).verdict.decision).toBe('Deny');
  });

  test('tells objections about who asks apart from those about the code', () => {
    const given = aCase({ holdsRole: false, report: aReport({ findings: [aFinding()] }) });
    expect(judge(given).unauthorized.map(({ reason }) => reason)).toEqual(['RoleNotHeld']);
  });

  test('judges actions that stand in the code though nobody declared them', () => {
    expect(sentencesOf(aCase({ report: uses('send_email') }))).toEqual([
      expect.stringContaining('The code performs "send_email"'),
    ]);
    const approved = aCase({ report: uses('send_email'), role: aRole({ approvalActions: ['send_email'] }) });
    expect(judge(approved).verdict.decision).toBe('RequireApproval');
    const free = aCase({ report: uses('send_email'), role: aRole({ allowedActions: ['send_email'] }) });
    expect(judge(free).verdict).toMatchObject({ decision: 'Allow', actions: ['send_email'] });
  });

  test('names an action once that is both declared and in the code', () => {
    const given = aCase({ spec: { actions: ['send_email'] }, report: uses('send_email', 'send_email') });
    expect(judge(given).verdict.actions).toEqual(['send_email']);
    expect(reasonsOf(given)).toEqual(['ActionNotAllowed']);
  });

  test('needs approval for an action that the role lists as allowed too', () => {
    const role = aRole({ allowedActions: ['send_email'], approvalActions: ['send_email'] });
    expect(judge(aCase({ report: uses('send_email'), role })).verdict.decision).toBe('RequireApproval');
  });

  test('has no limits without class or role', () => {
    expect(judge(aCase({ role: undefined })).limits).toBeUndefined();
    expect(judge(aCase({ sandboxClass: undefined })).limits).toBeUndefined();
  });

  test('puts findings into the language of the request', () => {
    const report = aReport({ findings: [aFinding({ file: 'lib.py' })], truncatedFindings: 2 });
    expect(judge(aCase({ report, spec: { locale: 'ja' } })).verdict).toMatchObject({
      truncatedFindings: 2,
      findings: [{ rule: 'PY-FORK', line: 3, file: 'lib.py', message: 'os.fork はプロセスを作ります。' }],
    });
  });
});

describe('several policies', () => {
  const strict = aPolicy({ denySeverities: ['Medium'] }, { name: 'a-strict', generation: 4 });
  const mild = aPolicy({ denySeverities: [], thresholds: { deny: 101, approve: 101 } }, { name: 'b-mild' });
  const report = scoring('A-A');

  test('give the strictest answer, in whatever order they come', () => {
    for (const policies of [
      [strict, mild],
      [mild, strict],
    ]) {
      const { verdict } = judge(aCase({ policies: applicablePolicies(policies, {}), report }));
      expect(verdict).toMatchObject({ decision: 'Deny', policyRevision: 'a-strict@4,b-mild@1' });
    }
    expect(judge(aCase({ policies: [mild], report })).verdict.decision).toBe('Allow');
  });

  test('outweigh an approval of one with the denial of another', () => {
    const approving = aPolicy({ denySeverities: [], thresholds: { deny: 101, approve: 20 } }, { name: 'c' });
    expect(judge(aCase({ policies: [approving, strict], report })).verdict.decision).toBe('Deny');
    expect(judge(aCase({ policies: [approving, mild], report })).verdict.decision).toBe('RequireApproval');
  });

  test('show a finding once, in its gravest grading, and the highest score', () => {
    const graver = aPolicy(
      { rules: [{ id: 'A-A', severity: 'Critical' }], denySeverities: [] },
      { name: 'z' },
    );
    for (const policies of [
      [mild, graver],
      [{ ...graver, metadata: { ...graver.metadata, name: 'a' } }, mild],
    ]) {
      const { verdict } = judge(aCase({ policies, report }));
      expect(verdict.riskScore).toBe(90);
      expect(verdict.findings).toMatchObject([{ rule: 'A-A', severity: 'Critical' }]);
    }
  });
});

describe('the mode of a policy', () => {
  const report = aReport({ findings: [aFinding()] });
  const inMode = (mode: string, more: object = {}) =>
    judge(aCase({ policies: [aPolicy({ mode, ...more })], report }));

  test('Warn tells and does not deny', () => {
    const { verdict, warnings } = inMode('Warn', { onDeny: 'Reject' });
    expect(verdict).toMatchObject({
      decision: 'Allow',
      riskScore: 90,
      findings: [{ rule: 'PY-FORK' }],
      reasons: [],
    });
    expect(warnings).toEqual([expect.stringContaining('Rule PY-FORK')]);
  });

  test('Audit neither tells nor denies, and records', () => {
    const { verdict, warnings, rejectAtAdmission } = inMode('Audit', { onDeny: 'Reject' });
    expect(verdict).toMatchObject({ decision: 'Allow', riskScore: 90, findings: [{ rule: 'PY-FORK' }] });
    expect([warnings, rejectAtAdmission]).toEqual([[], false]);
  });

  test('Enforce refuses at admission only where the policy says so and denies', () => {
    expect(inMode('Enforce').rejectAtAdmission).toBe(false);
    expect(inMode('Enforce', { onDeny: 'Reject' }).rejectAtAdmission).toBe(true);
    expect(
      inMode('Enforce', { onDeny: 'Reject', denySeverities: [], thresholds: { deny: 101 } })
        .rejectAtAdmission,
    ).toBe(false);
  });

  test.each(['Enforce', 'Warn', 'Audit'])('%s always denies what could not be read', (mode) => {
    const policy = aPolicy({ mode, denySeverities: [], thresholds: { deny: 101, approve: 101 } });
    const { verdict } = judge(aCase({ policies: [policy], report: aReport({ parsed: false }) }));
    expect(verdict).toMatchObject({
      decision: 'Deny',
      riskScore: 100,
      reasons: [{ reason: 'CodeNotParsed' }],
    });
  });
});

describe('the digest', () => {
  const given = aCase({ spec: { files: [{ path: 'a.txt', content: 'a' }], args: ['1'], stdin: 'in' } });
  const digest = (change: Partial<Case>) => judge({ ...given, ...change }).verdict.digest;
  const spec = (change: object) => digest({ spec: { ...given.spec, ...change } });
  const before = digest({});

  test('has the form sha256:HEX', () => expect(before).toMatch(/^sha256:[0-9a-f]{64}$/));

  test.each([
    ['the code', () => spec({ code: 'print(2)\n' })],
    ['the content of a file', () => spec({ files: [{ path: 'a.txt', content: 'b' }] })],
    ['the path of a file', () => spec({ files: [{ path: 'b.txt', content: 'a' }] })],
    ['an argument', () => spec({ args: ['2'] })],
    ['stdin', () => spec({ stdin: 'out' })],
    ['the language', () => spec({ language: 'TypeScript' })],
    ['a limit of the request', () => spec({ limits: { pids: 32 } })],
    ['the deadline', () => spec({ deadlineSeconds: 3 })],
    ['the generation of the class', () => digest({ sandboxClass: aClass({}, { generation: 2 }) })],
    ['the image', () => digest({ sandboxClass: aClass({ images: { Python: 'python:3.14' } }) })],
    ['the generation of the role', () => digest({ role: aRole({}, { generation: 2 }) })],
    ['another role of the same name', () => digest({ role: aRole({}, { uid: 'another' }) })],
    ['another class of the same name', () => digest({ sandboxClass: aClass({}, { uid: 'another' }) })],
    ['a policy', () => digest({ policies: [aPolicy()] })],
  ])('changes with %s', (_what, after) => expect(after()).not.toBe(before));

  test('changes with the generation of a policy', () => {
    const one = digest({ policies: [aPolicy()] });
    expect(digest({ policies: [aPolicy({}, { generation: 2 })] })).not.toBe(one);
    expect(digest({ policies: [aPolicy()] })).toBe(one);
  });

  test.each([
    ['the locale', () => spec({ locale: 'ja' })],
    ['who asks', () => spec({ requester: { username: 'bob' } })],
    ['what was found', () => digest({ report: aReport({ findings: [aFinding()] }) })],
    ['the order of keys', () => spec({ files: [{ content: 'a', path: 'a.txt' }] })],
    [
      'other images of the class',
      () => digest({ sandboxClass: aClass({ images: { Python: 'python:3.13-slim', Bash: 'bash' } }) }),
    ],
  ])('does not change with %s', (_what, after) => expect(after()).toBe(before));
});

describe('a risky action', () => {
  const report = aReport({
    findings: [aFinding({ rule: 'ANY-ACTION-RISK', severity: 'High', action: 'export_contacts' })],
    actions: [{ action: 'export_contacts', line: 3, column: 1 }],
  });
  const decide = (role: object) => judge(aCase({ report, role: aRole(role) })).verdict;

  test.each([
    ['denied where the role does not list it', {}, 'Deny', 1],
    [
      'approved by a person where the role says so',
      { approvalActions: ['export_contacts'] },
      'RequireApproval',
      0,
    ],
    ['allowed where the role allows it', { allowedActions: ['export_contacts'] }, 'Allow', 0],
    ['denied where the role lists another one', { allowedActions: ['export_data'] }, 'Deny', 1],
  ])('is %s', (_what, role, decision, findings) => {
    expect(decide(role)).toMatchObject({ decision });
    expect(decide(role).findings).toHaveLength(findings);
  });
});
