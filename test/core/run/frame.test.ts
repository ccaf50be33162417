import { describe, expect, test } from '@jest/globals';
import { parseLog, parseMessage } from '../../../src/core/run/frame.ts';
import { aMessage } from '../../support/build.ts';

const HEADER = 'sekisho.dev/1 exit=3 deadline=1 stdout=5 stderr=7 ms=40';

describe('a termination message', () => {
  test('gives exit code, deadline, counts and both streams', () => {
    expect(parseMessage(aMessage({ exit: 3, deadline: 1, stdout: 'out', stderr: 'oops' }))).toEqual({
      exitCode: 3,
      deadline: true,
      stdoutBytes: 3,
      stderrBytes: 4,
      durationMilliseconds: 120,
      output: { stdout: 'b3V0', stderr: 'b29wcw==' },
    });
  });

  test('that points to the log has no output, whatever follows it', () => {
    expect(parseMessage(`${HEADER} in=log\nb3V0\nb3V0\n`)).toMatchObject({ exitCode: 3, output: undefined });
  });

  test('of a refusal gives the reason', () => {
    expect(parseMessage('sekisho.dev/1 refused the input is not what was judged\n')).toEqual({
      refused: 'the input is not what was judged',
    });
  });

  test.each([
    ['none', undefined],
    ['an empty one', ''],
    ['other text', 'Killed'],
    ['another version', HEADER.replace('/1', '/2')],
    ['text before the mark', ` ${HEADER} in=message`],
    ['text after the header', `${HEADER} in=message and more`],
    ['a header without a place', HEADER],
    ['an unknown place', `${HEADER} in=file`],
    ['a negative exit code', `${HEADER} in=log`.replace('exit=3', 'exit=-3')],
    ['an exit code of four digits', `${HEADER} in=log`.replace('exit=3', 'exit=1000')],
    ['a deadline that is no bit', `${HEADER} in=log`.replace('deadline=1', 'deadline=2')],
    ['a count that is no safe integer', `${HEADER} in=log`.replace('stdout=5', `stdout=${'9'.repeat(16)}`)],
    ['a missing count', `${HEADER} in=log`.replace('stderr=7', 'stderr=')],
    ['the header on the second line', `\n${HEADER} in=log`],
    ['an empty refusal', 'sekisho.dev/1 refused '],
    ['a refusal without end', `sekisho.dev/1 refused ${'x'.repeat(201)}`],
  ])('that is no frame is none: %s', (_title, text) => expect(parseMessage(text)).toBeUndefined());

  test.each(['<script>', 'a b', 'YQ===', '\u001b[2J', 'Y=Q='])(
    'with "%s" for base64 has no output',
    (garbage) => {
      expect(parseMessage(`${HEADER} in=message\n${garbage}\nb3V0\n`)).toMatchObject({ output: undefined });
      expect(parseMessage(`${HEADER} in=message\nb3V0\n${garbage}\n`)).toMatchObject({ output: undefined });
    },
  );

  test('that was cut behind the header has empty streams', () => {
    expect(parseMessage(`${HEADER} in=message`)).toMatchObject({ output: { stdout: '', stderr: '' } });
  });
});

describe('a log', () => {
  test('gives the output behind the last mark, so that nothing written before can pass for it', () => {
    const forged = 'sekisho.dev/1 output\nZm9yZ2Vk\n\n';
    expect(parseLog(`noise\n${forged}\nsekisho.dev/1 output\nb3V0\nb29wcw==\n`)).toEqual({
      stdout: 'b3V0',
      stderr: 'b29wcw==',
    });
  });

  test.each([
    ['no mark', 'hello\nworld\n'],
    ['a mark that does not end its line', 'sekisho.dev/1 output b3V0'],
    ['garbage behind the mark', 'sekisho.dev/1 output\n<b>\n\n'],
  ])('with %s gives none', (_title, log) => expect(parseLog(log)).toBeUndefined());

  test('that was cut in the middle gives what is there', () => {
    expect(parseLog('\nsekisho.dev/1 output\nb3V0')).toEqual({ stdout: 'b3V0', stderr: '' });
  });
});
