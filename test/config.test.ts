import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { commandOf, readFlags, UsageError } from '../src/config.ts';
import type { Command } from '../src/config.ts';

const CONTROLLER = ['controller', '--namespace=sekisho', '--probe-image=sekisho:1'];
const wrong = (command: Command, argv: readonly string[]): string => {
  try {
    readFlags(command, argv);
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as Error).message;
  }
  return 'nothing is wrong';
};

interface ValuesSchema {
  readonly properties: Readonly<
    Record<string, { readonly properties: Readonly<Record<string, { minimum: number; maximum: number }>> }>
  >;
}
const schema: ValuesSchema = JSON.parse(readFileSync('helm/sekisho/values.schema.json', 'utf8'));

describe('the command', () => {
  test.each(['controller', 'webhook', 'console', 'probe'])('%s is known', (word) =>
    expect(commandOf([word])).toBe(word),
  );

  test.each([[[]], [['run']], [['--help']]])('%j is none, and the message lists those there are', (argv) => {
    expect(() => commandOf(argv)).toThrow(
      /is no command: use one of controller, webhook, gateway, console, probe/,
    );
  });
});

describe('flags', () => {
  test('of the controller have defaults', () => {
    expect(readFlags('controller', CONTROLLER)).toEqual({
      'audit-save-seconds': 10,
      'audit-segments': 16,
      'max-running': 100,
      namespace: 'sekisho',
      'probe-image': 'sekisho:1',
      'log-level': 'info',
      'health-address': '0.0.0.0:8081',
      'sandbox-namespace': 'sekisho-sandboxes',
      'proof-seconds': 300,
      concurrency: 64,
      'job-ttl-seconds': 300,
      'notifications-directory': '/notifications',
    });
  });

  test.each([
    ['controller', 'concurrency', 'concurrency'],
    ['controller', 'proofSeconds', 'proof-seconds'],
    ['controller', 'maxRunning', 'max-running'],
    ['controller', 'jobTtlSeconds', 'job-ttl-seconds'],
    ['audit', 'segments', 'audit-segments'],
    ['audit', 'saveSeconds', 'audit-save-seconds'],
  ])('take what the chart lets into %s.%s', (part, value, flag) => {
    const { minimum, maximum } = schema.properties[part]?.properties[value] ?? {};
    for (const bound of [minimum, maximum])
      expect(readFlags('controller', [...CONTROLLER, `--${flag}=${bound}`])).toMatchObject({ [flag]: bound });
  });

  test('of the console need nothing, and no certificate means plain HTTP', () => {
    expect(readFlags('console', ['console'])).toEqual({
      'log-level': 'info',
      'health-address': '0.0.0.0:8081',
      port: 8080,
    });
  });

  test('are numbers where numbers are meant, in both ways to write them', () => {
    expect(readFlags('controller', [...CONTROLLER, '--concurrency', '2', '--proof-seconds=5'])).toMatchObject(
      {
        concurrency: 2,
        'proof-seconds': 5,
      },
    );
  });

  test('of the probe may be repeated, and switches need no value', () => {
    const argv = ['probe', '--target=10.0.0.1:443', '--target', 'dns:53', '--user-namespace'];
    expect(readFlags('probe', argv)).toEqual({ target: ['10.0.0.1:443', 'dns:53'], 'user-namespace': true });
    expect(readFlags('probe', argv.slice(0, 2))).toMatchObject({ 'user-namespace': false });
  });

  test.each([
    ['controller', [...CONTROLLER, '--concurency=2'], '--concurency'],
    ['controller', [...CONTROLLER, 'word'], 'word'],
    ['controller', ['controller', '--probe-image=x'], '--namespace: '],
    ['controller', [...CONTROLLER, '--concurrency=0'], '--concurrency: '],
    ['controller', [...CONTROLLER, '--concurrency=257'], '--concurrency: '],
    ['controller', [...CONTROLLER, '--concurrency=two'], '--concurrency: '],
    ['controller', [...CONTROLLER, '--proof-seconds=7.5'], '--proof-seconds: '],
    ['controller', [...CONTROLLER, '--log-level=loud'], '--log-level: '],
    ['controller', [...CONTROLLER, '--health-address=8081'], '--health-address: write host:port'],
    [
      'controller',
      [...CONTROLLER, '--notifications-url=http://x.example/'],
      '--notifications-url: write https://HOST',
    ],
    ['controller', [...CONTROLLER, '--notifications-url=https://a:b@x.example/'], 'no place there'],
    ['controller', [...CONTROLLER, '--notifications-link-template=https://x/{code}'], '{code} is no place'],
    ['webhook', ['webhook', '--namespace=a', '--controller-username=b', '--port=65536'], '--port: '],
    ['probe', ['probe'], '--target: '],
    ['probe', ['probe', '--target=nowhere'], '--target.0: write host:port'],
  ] as const)('of the %s are refused by name: %j', (command, argv, message) => {
    expect(wrong(command, argv)).toContain(message);
  });

  test('that are wrong are all named at once', () => {
    expect(
      wrong('webhook', ['webhook', '--port=0'])
        .split('\n')
        .map((line) => line.split(':')[0]),
    ).toEqual(['--namespace', '--port', '--controller-username']);
  });
});
