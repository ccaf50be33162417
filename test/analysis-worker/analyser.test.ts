import { afterEach, describe, expect, it } from '@jest/globals';
import { AnalyserClosed, createAnalyser } from '../../src/analysis-worker/analyser.ts';
import type { Analyser, AnalyserOptions } from '../../src/analysis-worker/analyser.ts';
import { analyse } from '../../src/core/analysis/engine.ts';
import type { Source } from '../../src/core/analysis/engine.ts';

const ENTRY = new URL('../../src/analysis-worker/entry.ts', import.meta.url);
const FAULTY = new URL('./faulty-entry.ts', import.meta.url);
const python = (code: string): Source => ({ language: 'Python', code });

let analyser: Analyser | undefined;
const open = (options: Partial<AnalyserOptions> = {}): Analyser =>
  (analyser = createAnalyser({ entry: FAULTY, ...options }));

afterEach(() => analyser?.close());

describe('an analyser', () => {
  it('gives the report that the engine gives', async () => {
    const source = python('import os\nos.system("id")');
    expect(await open({ entry: ENTRY }).analyse(source)).toEqual(analyse(source));
  });

  it('judges what comes at once, one after the other, and each by its own', async () => {
    const codes = Array.from(
      { length: 20 },
      (_unused, index) => `print(${index})\n${index % 2 === 0 ? 'eval("1")' : ''}`,
    );
    const judged = open({ entry: ENTRY, workers: 2 });
    const reports = await Promise.all(codes.map((code) => judged.analyse(python(code))));
    expect(reports.map(({ findings }) => findings.length > 0)).toEqual(
      codes.map((_code, index) => index % 2 === 0),
    );
  });

  it.each([
    ['runs past its deadline', 'hang', 'deadline', { deadlineMilliseconds: 200 }],
    ['needs too much memory', 'eat', 'memory', { heapMegabytes: 32, deadlineMilliseconds: 20_000 }],
    ['ends the worker', 'die', 'without an answer', {}],
    ['makes the worker throw', 'throw', 'without an answer', {}],
  ])('answers for a program that %s, and goes on with the next one', async (_what, code, said, options) => {
    const judged = open(options);
    const [broken, whole] = await Promise.all([
      judged.analyse(python(code)),
      judged.analyse(python('eval("1")')),
    ]);
    expect(broken).toMatchObject({
      parsed: false,
      riskScore: 70,
      findings: [{ rule: 'ANY-PARSE', severity: 'High', line: 1, column: 1 }],
    });
    expect(broken.findings[0]?.message.en).toContain(said);
    expect(whole).toMatchObject({ parsed: true, findings: [{ rule: 'PY-DYN' }] });
  });

  it('counts the deadline from the start of the work, not from queueing', async () => {
    const judged = open({ deadlineMilliseconds: 300 });
    const hanging = Array.from({ length: 3 }, () => judged.analyse(python('hang')));
    const last = judged.analyse(python('print(1)'));
    expect((await Promise.all(hanging)).map(({ parsed }) => parsed)).toEqual([false, false, false]);
    expect((await last).parsed).toBe(true);
  });

  it('answers even where no worker can be started', async () => {
    const report = await open({ entry: new URL('./no-such-file.ts', import.meta.url) }).analyse(
      python('print(1)'),
    );
    expect(report).toMatchObject({ parsed: false, findings: [{ rule: 'ANY-PARSE' }] });
  });

  it('starts a worker again after it was ended for idleness', async () => {
    const judged = open({ idleMilliseconds: 1 });
    await judged.analyse(python('print(1)'));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect((await judged.analyse(python('print(1)'))).parsed).toBe(true);
  });

  it('says nothing about a program when it is closed first', async () => {
    const judged = open({ deadlineMilliseconds: 20_000 });
    const answers = [judged.analyse(python('hang')), judged.analyse(python('print(1)'))];
    const settled = Promise.allSettled(answers);
    await judged.close();
    expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(judged.analyse(python('print(1)'))).rejects.toThrow(AnalyserClosed);
  });
});
