/** What a person sees of a request, in a terminal and in a browser: the same facts, and every line. */
import { describe, expect, test } from '@jest/globals';
import { viewOf } from '../../../src/cli/cluster/view.ts';
import { byUrgency, pendingRow } from '../../../src/core/view/pending-row.ts';
import { requestView } from '../../../src/core/view/request-view.ts';
import { aRequest } from '../../support/build.ts';

const REQUEST = aRequest({
  spec: {
    code: "admin = 'al\u200bice'\n\nfor us\u0435r in [admin]:\n  pass\n",
    files: [{ path: 'lib/more.py', content: 'x = 1' }],
    args: ['--fast', 'a\u202eb'],
    stdin: 'one\ntwo\n',
    plugins: ['calendar', 'mail'],
    requester: { username: 'alice\nrole: admin', groups: ['dev'] },
    onBehalfOf: { username: 'carol' },
  },
  status: {
    state: 'AwaitingApproval',
    verdict: {
      decision: 'RequireApproval',
      riskScore: 40,
      reasons: [{ reason: 'RiskAbove', message: 'Risk\u200b.' }],
      findings: [
        {
          rule: 'PY-NET',
          severity: 'Medium',
          line: 3,
          column: 1,
          endLine: 3,
          endColumn: 2,
          message: 'It calls.',
        },
        {
          ...{ rule: 'PY-X', severity: 'Low', file: 'lib/more.py', line: 1, column: 1 },
          ...{ endLine: 1, endColumn: 2, message: 'It is.' },
        },
      ],
      truncatedFindings: 7,
      actions: ['grant_admin'],
      digest: `sha256:${'a'.repeat(64)}`,
      ruleSetDigest: 'sha256:0',
      roleRevision: 'user@1',
    },
    approval: {
      required: 2,
      approvedBy: [{ name: 'x', approver: 'bob', at: '2026-11-23T12:00:00Z' }],
      approveBy: '2026-11-24T12:00:00Z',
    },
  },
});

test('a terminal shows everything', () => {
  expect(viewOf(REQUEST, 'en')).toBe(
    [
      'CodeExecutionRequest: team-a/weekly',
      `uid: ${REQUEST.metadata.uid}`,
      'requester: alice\\u000arole: admin (dev)',
      'on behalf of: carol ()',
      'role: user (user@1)',
      'actions: grant_admin',
      'plugins: calendar, mail',
      'SandboxClass: default',
      'state: AwaitingApproval',
      'approvals: 1 of 2, until 2026-11-24T12:00:00Z. bob',
      '',
      'risk: 40/100',
      '  Risk\\u200b.',
      '  main.py:3:1: Medium PY-NET: It calls.',
      '  lib/more.py:1:1: Low PY-X: It is.',
      '  and 7 more',
      '',
      'main.py:',
      "  1 | admin = 'al\\u200bice'",
      '  2 | ',
      '  3 | for us\\u{435}r in [admin]:',
      '  4 |   pass',
      '',
      'lib/more.py:',
      '  1 | x = 1',
      '',
      'args: ["--fast","a\\u202eb"]',
      '',
      'stdin:',
      '  1 | one',
      '  2 | two',
      '',
      `digest: sha256:${'a'.repeat(64)}`,
      '',
    ].join('\n'),
  );
});

describe('what a browser gets', () => {
  test('each finding names the text that it is in', () => {
    const { texts, verdict } = requestView(REQUEST, 'ja');
    const titles = texts.map(({ title }) => title);
    expect(titles).toEqual(['main.py', 'lib/more.py', 'args', 'stdin']);
    expect(verdict?.findings.map(({ file }) => titles.indexOf(file))).toEqual([0, 1]);
  });
  test('every line of every text', () => {
    const { texts } = requestView(REQUEST, 'en');
    expect(texts.map(({ lines }) => lines.length)).toEqual([4, 1, 1, 2]);
    expect(texts[0]?.lines[2]).toEqual(['for us', { hidden: '\\u{435}' }, 'r in [admin]:']);
  });
  test('a request that was not judged says so, and has no digest', () => {
    const view = requestView(aRequest(), 'en');
    expect([view.verdict, view.digest, view.approval]).toEqual([undefined, undefined, []]);
    expect(viewOf(aRequest(), 'en')).toContain('\nNot judged yet.\n');
  });
});

test('the list has the most urgent first', () => {
  const rowUntil = (approveBy: string, name: string) => ({ ...pendingRow(REQUEST), approveBy, name });
  const rows = [rowUntil('2026-02', 'b'), rowUntil('2026-01', 'c'), rowUntil('2026-02', 'a')];
  expect(rows.toSorted(byUrgency).map(({ name }) => name)).toEqual(['c', 'a', 'b']);
  expect(pendingRow(REQUEST)).toMatchObject({
    ...{ namespace: 'team-a', name: 'weekly', requester: 'alice\\u000arole: admin' },
    ...{ role: 'user', risk: '40', approvals: '1/2' },
  });
});
