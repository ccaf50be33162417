import { describe, expect, it } from '@jest/globals';
import { analyse } from '../../../src/core/analysis/engine.ts';
import type { ActionPattern } from '../../../src/core/analysis/actions.ts';
import type { CustomRule } from '../../../src/core/analysis/custom-rules.ts';
import { compileExpression } from '../../../src/core/analysis/expression.ts';
import type { LanguageName } from '../../../src/core/analysis/report.ts';
import type { Rule } from '../../../src/core/analysis/rule.ts';
import { defineRule, objectionsTo } from '../../../src/core/analysis/rule.ts';

const both = { en: 'x', ja: 'x' };
const rule = (given: Partial<Rule>): Rule =>
  defineRule({
    id: 'ANY-X',
    version: 1,
    title: both,
    severity: 'Low',
    languages: ['Python'],
    cwe: [],
    attack: [],
    forbids: both,
    allows: both,
    message: both,
    remedy: both,
    check: () => [],
    ...given,
  });

describe('a list of rules', () => {
  it.each([
    ['is as it must be', [rule({})], []],
    ['holds one that only concludes', [rule({ check: undefined, conclude: () => [] } as never)], []],
    ['holds one of one language', [rule({ id: 'PY-X' })], []],
    ['holds no id', [rule({ id: 'any-x' })], ['any-x: not a rule id', 'any-x: prefix and languages differ']],
    ['holds one twice', [rule({}), rule({})], ['ANY-X: listed twice']],
    ['holds one of no language', [rule({ languages: [] })], ['ANY-X: names no language']],
    [
      'holds one of another language',
      [rule({ id: 'SH-X', languages: ['Bash', 'Python'] })],
      ['SH-X: prefix and languages differ'],
    ],
    ['holds one that checks nothing', [rule({ check: undefined } as never)], ['ANY-X: checks nothing']],
  ])('that %s is told so', (_what, rules, objections) => {
    expect(objectionsTo(rules)).toEqual(objections);
  });
});

describe('the actions of', () => {
  const actionsOf = (
    code: string,
    actions: readonly ActionPattern[] = [],
    language: LanguageName = 'Python',
  ) =>
    analyse({ language, code }, { actions }).actions.map(
      ({ action, line, column }) => `${action} ${line}:${column}`,
    );

  it.each([
    ['a known name', 'x.send_email(1)', ['send_email 1:1']],
    ['a known name in another style', 'x.sendEmail(1)', ['send_email 1:1']],
    ['no known name', 'x.send_letter(1)', []],
    ['a plugin', 'from sekisho.plugins import calendar\ncalendar.read_events()', ['read_calendar 2:1']],
    [
      'a plugin whose operation is an action',
      'from sekisho.plugins import mail\nmail.send_now()',
      ['send_now 2:1'],
    ],
    ['a plugin without an operation', 'from sekisho import plugins\nplugins.mail', []],
    [
      'an answer of a plugin',
      'from sekisho.plugins import calendar\nx = calendar.read_events()[0].y',
      ['read_calendar 2:5'],
    ],
    [
      'a plugin that is asked for by a name that is not known',
      'from sekisho.plugins import calendar\ngetattr(calendar, name)()',
      ['unknown_operation 2:1'],
    ],
    ['the same twice', 'x.send_email(1)\ny.send_email(2)', ['send_email 1:1']],
    [
      'several, by their places',
      'f()\nx.delete_user(y.send_email(1))',
      ['delete_user 2:1', 'send_email 2:15'],
    ],
    [
      'a text that runs as code, where it is run',
      'f()\nif x:\n  eval("x.send_email(1)")',
      ['send_email 3:3'],
    ],
  ])('%s', (_what, code, actions) => {
    expect(actionsOf(code)).toEqual(actions);
  });

  it('are those that patterns tell, first of all', () => {
    const patterns = [
      { call: 'billing.charge', action: 'charge' },
      { call: 'pay.*', action: 'pay' },
      { call: 'x.send_email', action: 'mine' },
    ];
    expect(actionsOf('billing.charge(1)', patterns)).toEqual(['charge 1:1']);
    expect(actionsOf('billing.charges(1)', patterns)).toEqual([]);
    expect(actionsOf('pay.a.b(1)', patterns)).toEqual(['pay 1:1']);
    expect(actionsOf('payx.a(1)', patterns)).toEqual([]);
    expect(actionsOf('x.send_email(1)', patterns)).toEqual(['mine 1:1']);
    expect(actionsOf('terraform apply', [{ call: 'terraform', action: 'deploy' }], 'Bash')).toEqual([
      'deploy 1:1',
    ]);
  });

  it('that begin in one place are told by name', () => {
    const patterns = [
      { call: 'b.x', action: 'second' },
      { call: 'a.x', action: 'first' },
    ];
    expect(actionsOf('eval("b.x; a.x")', patterns)).toEqual(['first 1:1', 'second 1:1']);
  });

  it('a dump are those of a command', () => {
    expect(actionsOf('cd x; pg_dump y', [], 'Bash')).toEqual(['export_data 1:7']);
  });
});

describe('the places of a rule of a policy', () => {
  const placesOf = (given: Partial<CustomRule>, code: string, language: LanguageName = 'Python') =>
    analyse(
      { language, code },
      {
        customRules: [
          { policy: 'p', id: 'CUSTOM-A', severity: 'High', message: { en: 'No.', ja: 'だめ。' }, ...given },
        ],
      },
      compileExpression,
    )
      .findings.filter(({ policy }) => policy === 'p')
      .map(({ line, column, endLine, endColumn }) => `${line}:${column}-${endLine}:${endColumn}`);

  it('are the widest of those that overlap', () => {
    expect(placesOf({ call: 'b.charge' }, 'b.charge(1)\nf(b.charge)')).toEqual(['1:1-1:12', '2:3-2:11']);
    expect(placesOf({ call: 'b.charge' }, 'b.charge(b.charge(1))')).toEqual(['1:1-1:22']);
    expect(placesOf({ call: 'b.*' }, 'b.x(b.y)\nb.z')).toEqual(['1:1-1:9', '2:1-2:4']);
  });

  it('are at most sixteen', () => {
    expect(placesOf({ call: 'b' }, 'b\n'.repeat(16))).toHaveLength(16);
    expect(placesOf({ call: 'b' }, 'b\n'.repeat(17))).toHaveLength(16);
  });

  it('are all where an argument matches, or only those of the call', () => {
    const code = 'f("secret-1")\ng("secret-2")\ng("other")';
    expect(placesOf({ argument: 'secret' }, code)).toEqual(['1:1-1:14', '2:1-2:14']);
    expect(placesOf({ argument: 'secret', call: 'g' }, code)).toEqual(['2:1-2:14']);
  });

  it('are the first line for one that speaks of the whole, or cannot be applied', () => {
    expect(placesOf({ expression: 'true' }, 'abc\nd')).toEqual(['1:1-1:4']);
    expect(placesOf({ expression: 'false' }, 'abc\nd')).toEqual([]);
    expect(placesOf({ argument: '(' }, 'abc\nd')).toEqual(['1:1-1:4']);
    expect(placesOf({ expression: 'true', languages: ['Bash'] }, 'abc')).toEqual([]);
    expect(placesOf({}, 'abc')).toEqual([]);
  });

  it('may come from at most three macros', () => {
    const with_ = (count: number): string =>
      Array.from({ length: count }, () => 'findings.exists(f, true)').join(' || ');
    expect(placesOf({ expression: `${with_(3)} || false` }, 'abc')).toEqual([]);
    expect(placesOf({ expression: `${with_(4)} || false` }, 'abc')).toEqual(['1:1-1:4']);
  });
});
