import { expect, test } from '@jest/globals';
import { KubeError } from '../../src/kube/errors.ts';
import { createLogger } from '../../src/telemetry/logger.ts';

function logged(write: (logger: ReturnType<typeof createLogger>) => void): Record<string, unknown>[] {
  const lines: string[] = [];
  write(
    createLogger({
      level: 'info',
      name: 'operator',
      destination: { write: (line: string) => void lines.push(line) },
    }),
  );
  return lines.map((line): Record<string, unknown> => JSON.parse(line));
}

test('writes JSON with an ISO time, the level as a word, the name and the fields', () => {
  const [line] = logged((logger) => logger.info({ key: 'ns/a', count: 2 }, 'done'));
  expect(line).toEqual({
    level: 'info',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    name: 'operator',
    key: 'ns/a',
    count: 2,
    msg: 'done',
  });
});

test('leaves out what is below its level', () => {
  expect(logged((logger) => logger.debug({}, 'no'))).toEqual([]);
});

test('never writes code, its input and output, or what lets somebody in, at any depth', () => {
  const secret = 'print("SECRET")';
  const names = [
    'code',
    'stdin',
    'stdout',
    'stderr',
    'output',
    'excerpt',
    'env',
    'token',
    'authorization',
    'Authorization',
    'files',
  ];
  for (const name of names) {
    const lines = logged((logger) => {
      logger.info({ [name]: secret }, 'flat');
      logger.warn({ request: { spec: { items: [{ [name]: { deep: secret } }] } } }, 'deep');
      logger.child({ [name]: secret, spec: { [name]: secret } }).error({}, 'child');
    });
    expect(lines).toHaveLength(3);
    expect(JSON.stringify(lines)).not.toContain('SECRET');
  }
});

test('writes what matters of an error, its cause too, and of a KubeError its kind', () => {
  const err = new KubeError('Conflict', 'PUT /x: changed', { status: 409, cause: new Error('inner') });
  const [line] = logged((logger) => logger.warn({ err }, 'again'));
  expect(line?.['err']).toMatchObject({
    type: 'KubeError',
    kind: 'Conflict',
    status: 409,
    message: 'PUT /x: changed',
    stack: expect.stringContaining('logger.test'),
    cause: { message: 'inner' },
  });
});

test('an error that carries a program does not write it', () => {
  const err = Object.assign(new Error('failed'), { code: `SECRET${'x'.repeat(100)}`, stdout: 'SECRET' });
  expect(JSON.stringify(logged((logger) => logger.error({ err }, 'failed')))).not.toContain('SECRET');
});

test('survives cycles, bytes, bigints, endless texts and null', () => {
  const cycle: Record<string, unknown> = {
    bytes: Buffer.from('x'),
    big: 1n,
    none: null,
    map: new Map([['a', 1]]),
  };
  cycle['self'] = cycle;
  const [line] = logged((logger) => logger.info({ cycle, text: 'x'.repeat(100_000) }, 'odd'));
  expect(JSON.stringify(line).length).toBeLessThan(6000);
});
