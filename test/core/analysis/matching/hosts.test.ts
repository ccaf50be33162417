import { describe, expect, it } from '@jest/globals';
import { analyse } from '../../../../src/core/analysis/engine.ts';
import { hostOf } from '../../../../src/core/analysis/matching/hosts.ts';

/** What is found in a program that asks this host for something. */
const rulesFor = (host: string): readonly string[] => {
  const code = `import requests\nrequests.get("http://${host.includes(':') ? `[${host}]` : host}/")`;
  return analyse({ language: 'Python', code }).findings.map(({ rule }) => rule);
};

describe('the host of', () => {
  it.each([
    ['http://a.example/b', 'a.example'],
    ['HTTPS://A.Example:8080/', 'a.example'],
    ['ftp://user:secret@b.example/x', 'b.example'],
    ['http://[fd00:ec2::254]/x', 'fd00:ec2::254'],
    ['http://c.example?x=1', 'c.example'],
    ['http://d.example#y', 'd.example'],
    ['  http://e.example', 'e.example'],
    ['f.example', 'f.example'],
    ['f.example:80', 'f.example:80'],
    ['g.example/path?x=y', 'g.example'],
    ['two words', undefined],
    ['http://', undefined],
    ['', undefined],
    [`http://h.example/${'x'.repeat(9000)}`, 'h.example'],
    [`h.${'x'.repeat(8190)}`, `h.${'x'.repeat(8190)}`],
    [`h.${'x'.repeat(8191)}`, undefined],
  ])('%.40s is %s', (text, host) => {
    expect(hostOf(text)).toBe(host);
  });
});

describe('a metadata service', () => {
  it.each([
    '169.254.169.254',
    '100.100.100.200',
    'metadata.google.internal',
    'instance-data',
    'fd00:ec2::254',
    '2852039166',
    '0xA9FEA9FE',
    '0xa9.0xfe.0xa9.0xfe',
    '0251.0376.0251.0376',
    '169.254.43518',
    '169.16689662',
    '::ffff:169.254.169.254',
    '::169.254.169.254',
    '::ffff:a9fe:a9fe',
    '192.192',
    '192.0.192',
  ])('is seen in %s', (host) => {
    expect(rulesFor(host)).toContain('ANY-META-IP');
  });

  it.each([
    'metadata',
    'a.example',
    '169.254.169.253',
    '169.254.169.254.1',
    '4294967296',
    '7147006462',
    '10.0.0.1',
    '::ffff:a9fe:a9fd',
    '::ffff:10.0.0.1',
    '1.2.3.4.5',
    '',
    'deadbee',
    'abcdefa',
  ])('is not seen in %j', (host) => {
    expect(rulesFor(host)).not.toContain('ANY-META-IP');
  });
});

describe('the API server', () => {
  it.each([
    ['kubernetes.default', true],
    ['kubernetes.default.svc', true],
    ['kubernetes.default.svc.cluster.local', true],
    ['x.y.svc.cluster.local', true],
    ['kubernetes', false],
    ['kubernetes.default.example', false],
    ['a.kubernetes.default', false],
  ])('is %s: %s', (host, expected) => {
    expect(rulesFor(host).includes('ANY-K8S-API')).toBe(expected);
  });
});
