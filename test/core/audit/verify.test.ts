import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { GENESIS, linked } from '../../../src/core/audit/chain.ts';
import type { Head } from '../../../src/core/audit/chain.ts';
import { eventOf } from '../../../src/core/audit/event.ts';
import { verify } from '../../../src/core/audit/verify.ts';
import type { Anchor } from '../../../src/core/audit/verify.ts';
import { decide } from '../../../src/core/decide.ts';
import type { Observed } from '../../../src/core/observed.ts';
import {
  aMessage,
  anApproval,
  anObserved,
  aPod,
  approvalJudgement,
  aRequest,
  aRun,
  deniedJudgement,
  inEmergency,
  NOW,
  terminated,
} from '../../support/build.ts';

const eventFor = (given: Partial<Observed> = {}) => {
  const seen = anObserved(given);
  const event = eventOf(seen, decide(seen, NOW), 'run-1');
  if (!event) throw new Error('no event');
  return event;
};

/** A log of so many records, and its head after each. */
function aLog(count: number): { readonly lines: string[]; readonly heads: readonly Head[] } {
  const lines: string[] = [];
  const heads: Head[] = [];
  for (let number = 0; number < count; number += 1) {
    const event = number === 0 ? { activity: 'Open' as const, writer: 'w', lost: 0 } : eventFor();
    const next = linked(event, heads.at(-1) ?? GENESIS, NOW + number);
    lines.push(next.line);
    heads.push(next.head);
  }
  return { lines, heads };
}
const kinds = (lines: readonly string[], anchors: readonly Anchor[] = [], now = NOW) =>
  verify(lines, anchors, now).problems.map(({ kind }) => kind);
const anchorAt = (head: Head | undefined, given: Partial<Anchor> = {}): Anchor => ({
  ...{ request: 'team-a/weekly', time: NOW, sequence: 0, hash: '' },
  ...head,
  ...given,
});

describe('an event', () => {
  test('of a broken glass names person, ticket and reason, and is of high severity; others are not', () => {
    const severityOf = (given: Partial<Observed>) =>
      (JSON.parse(linked(eventFor(given), GENESIS, NOW).line) as { severity_id: number }).severity_id;
    expect(eventFor(inEmergency())).toMatchObject({
      activity: 'Start',
      approvals: [],
      breakGlass: { approver: 'bob', ticket: 'INC-1', reason: 'The site is down.' },
    });
    expect([severityOf(inEmergency()), severityOf({})]).toEqual([4, 1]);
  });

  test('of a start says who, what exactly, who approved it, and which Job', () => {
    expect(
      eventFor({ judgement: approvalJudgement(), approvals: [{ approval: anApproval(), mayApprove: true }] }),
    ).toMatchObject({
      activity: 'Start',
      request: { namespace: 'team-a', name: 'weekly' },
      authorized: true,
      verdict: { decision: 'RequireApproval', digest: approvalJudgement().verdict.digest },
      approvals: [{ approver: 'bob', digest: approvalJudgement().verdict.digest }],
      job: 'run-1',
    });
  });

  test('of a denial says which rules', () => {
    expect(eventFor({ judgement: deniedJudgement() })).toMatchObject({
      activity: 'Judge',
      verdict: { decision: 'Deny' },
    });
  });

  test('of an end says how, and never what the program wrote', () => {
    const message = aMessage({ stdout: 'a secret' });
    const run = aRun({ pod: aPod({ terminated: terminated({ message }) }) });
    const event = eventFor({ run, judgement: undefined });
    expect(event).toMatchObject({ activity: 'End', result: { reason: 'Completed', exitCode: 0 } });
    expect(JSON.stringify(event)).not.toContain('secret');
  });

  test('never holds the program', () => {
    expect(
      JSON.stringify(eventFor({ request: aRequest({ spec: { code: 'print(1)', stdin: 'in' } }) })),
    ).not.toMatch(/print|"in"/);
  });

  test('is an OCSF event of class API Activity', () => {
    const { line } = linked(eventFor({ judgement: deniedJudgement() }), GENESIS, NOW);
    expect(JSON.parse(line)).toMatchObject({
      ...{ category_uid: 6, class_uid: 6003, type_uid: 600_399, activity_id: 99, activity_name: 'Judge' },
      ...{ time: NOW, severity_id: 1, action_id: 2, metadata: { version: '1.6.0', sequence: 1 } },
      actor: { user: { name: 'alice' } },
      resources: [{ type: 'CodeExecutionRequest', namespace: 'team-a', name: 'weekly' }],
    });
  });
});

describe('a log', () => {
  test('that is as written is found so, from wherever it begins', () => {
    const { lines, heads } = aLog(8);
    const anchors = [anchorAt(heads[7]), anchorAt(heads[0])];
    expect(verify(lines, anchors, NOW)).toMatchObject({
      records: 8,
      first: 1,
      last: 8,
      problems: [],
      lost: 0,
    });
    expect(verify(lines.slice(3), anchors, NOW)).toMatchObject({ records: 5, first: 4, problems: [] });
    expect(verify([], [], NOW)).toMatchObject({ records: 0, problems: [] });
  });

  test('in which one word was changed anywhere is found out', () => {
    const { lines } = aLog(5);
    const text = lines.join('\n');
    fc.assert(
      fc.property(fc.nat(text.length - 1), (at) => {
        const character = text[at] ?? '';
        const other = /[0-9]/.test(character) ? String((Number(character) + 1) % 10) : 'x';
        if (character === other || character === '\n') return;
        const changed = `${text.slice(0, at)}${other}${text.slice(at + 1)}`;
        expect(kinds(changed.split('\n')).length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });

  test('from which a record was taken, or in which two were exchanged, is found out', () => {
    const { lines } = aLog(5);
    expect(kinds(lines.toSpliced(2, 1))).toEqual(['Missing']);
    expect(kinds(lines.toSpliced(1, 3))).toEqual(['Missing']);
    const [a = '', b = '', c = '', d = '', e = ''] = lines;
    expect(kinds([a, c, b, d, e])).toContain('Reordered');
    expect(kinds([a, b, b, c, d, e])).toEqual(['Reordered']);
    expect(kinds([a, 'nonsense', b])).toEqual(['Unreadable']);
  });

  test('that was written anew as a whole is found out by what requests name', () => {
    const { heads } = aLog(5);
    const forged: string[] = [];
    let head = GENESIS;
    for (let number = 0; number < 5; number += 1) {
      const next = linked(eventFor(), head, NOW + 1000 + number);
      forged.push(next.line);
      ({ head } = next);
    }
    expect(kinds(forged)).toEqual([]);
    expect(kinds(forged, [anchorAt(heads[3])])).toEqual(['Rewritten']);
  });

  test('whose end was cut off is found out once it should have been saved', () => {
    const { lines, heads } = aLog(5);
    const cut = lines.slice(0, 3);
    expect(kinds(cut, [anchorAt(heads[4])], NOW + 59_000)).toEqual([]);
    expect(kinds(cut, [anchorAt(heads[4])], NOW + 60_000)).toEqual(['Missing']);
  });

  test('says how many records a process took with it, and believes no more than that', () => {
    const { lines, heads } = aLog(5);
    const last = heads[4] ?? GENESIS;
    const open = linked({ activity: 'Open', writer: 'next', lost: 2 }, last, NOW + 10);
    const saved = [...lines.slice(0, 3), open.line];
    expect(verify(saved, [anchorAt(heads[4])], NOW + 100_000)).toMatchObject({ problems: [], lost: 2 });
    expect(verify([...lines, open.line], [], NOW)).toMatchObject({ problems: [], lost: 0 });
    expect(kinds([...lines.slice(0, 2), open.line])).toEqual(['Missing']);
  });
});
