import { describe, expect, it } from '@jest/globals';
import {
  isDevice,
  isPodSecretPath,
  isRoot,
  isRuntimeSocket,
  isSchedule,
  isSecretPath,
  isStartupFile,
  isSystemPath,
  normalised,
} from '../../../../src/core/analysis/matching/paths.ts';

describe('a path as the system takes it', () => {
  it.each([
    ['/a//b/./c', '/a/b/c'],
    ['/a/../b', '/b'],
    ['/../../b', '/b'],
    ['../../b', '../../b'],
    ['a/../../b', '../b'],
    ['a/..', ''],
    ['/', '/'],
    ['./a/', 'a'],
    ['$HOME/x', '~/x'],
    ['${HOME}/x', '~/x'],
    ['%USERPROFILE%/x', '~/x'],
    ['file:///etc/x', '/etc/x'],
    ['file://host', 'file:/host'],
    ['', ''],
  ])('%s is %s', (path, expected) => {
    expect(normalised(path)).toBe(expected);
    expect(normalised(path)).toBe(expected);
  });

  it('stays so when very many were asked for', () => {
    for (let index = 0; index < 600; index += 1) expect(normalised(`/x//${index}/../y`)).toBe('/x/y');
  });
});

const long = (length: number): string => `/etc/shadow${'/x'.repeat(length)}`.slice(0, length);

describe.each([
  [
    'isSecretPath',
    isSecretPath,
    [
      '/etc/shadow',
      '/etc//passwd',
      '../../etc/shadow',
      '~/.ssh/id_rsa',
      '/home/u/.aws/credentials',
      '/root/.netrc',
      'x/.kube/config',
      './id_ed25519',
      'a/id_rsa',
      '/proc/1/environ',
      '/proc/self/mem',
      '/dev/mem',
      '/etc/sh*w',
      '/etc/sha?ow',
      '/e*c/shad*w',
      '/etc/[s]hadow',
      '/*etc*/*shad*w',
    ],
    [
      '/etc/hosts',
      'shadow',
      '/etc/shadow.bak',
      '/proc/1/status',
      '~/.config',
      '/etc/sh*w\n',
      '/*/*',
      '/???/??????',
      '/e*c/*s*h*a*d*w',
      `/etc/sha*${'?'.repeat(60)}`,
      'etc/sh*w',
      '/etc/[shadow',
      'a text about /etc/shadow',
      '/sh*w',
    ],
  ],
  [
    'isPodSecretPath',
    isPodSecretPath,
    ['/var/run/secrets', '/run/secrets/x', '/var/run/secrets/kubernetes.io/serviceaccount/token'],
    ['/var/run/secretsx', 'run/secrets', '/tmp/var/run/secrets'],
  ],
  [
    'isRuntimeSocket',
    isRuntimeSocket,
    ['/var/run/docker.sock', 'unix:docker.sock', '/run/containerd/containerd.sock', 'crio.sock'],
    ['/var/run/dockerx.sock', '/docker.socket', 'mydocker.sock', `/${'x'.repeat(4096)}/docker.sock`],
  ],
  [
    'isRoot',
    isRoot,
    [
      '/',
      '//',
      '/*',
      '/.*',
      '~',
      '~/',
      '~/*',
      '/home',
      '/home/*',
      '/root/',
      '$HOME',
      '${HOME}/*',
      '/'.repeat(63),
    ],
    ['', '/x', '/home/u', '~/x', '.', '*', '/etc', '/'.repeat(64)],
  ],
  [
    'isSystemPath',
    isSystemPath,
    [
      '/',
      '/etc',
      '/etc/x',
      '/usr/bin/y',
      '/home/u',
      '/dev/sda',
      '/var/x',
      '/..',
      '//',
      '$HOME',
      '${HOME}',
      '/\ufffc/x',
      '/opt',
      '~',
    ],
    [
      '',
      '/tmp/x',
      '/dev/null',
      '/var/tmp',
      '/var/tmp/x',
      '/usr/share/x',
      '/proc/cpuinfo',
      'etc',
      '/etcx',
      '/data',
      '/dev/fd/3',
      'a\n/etc',
    ],
  ],
  [
    'isDevice',
    isDevice,
    ['/dev/sda', '/dev/sda1', '/dev/nvme0n1', '/dev//vda', '/dev/mapper/x', '/dev/loop0'],
    ['/dev/null', '/dev/tty', 'dev/sda', '/dev/random'],
  ],
  [
    'isStartupFile',
    isStartupFile,
    [
      '~/.bashrc',
      '/root/.profile',
      '/home/u/.ssh/authorized_keys',
      '/etc/profile',
      '/etc/profile.d/x.sh',
      '/etc/rc.local',
      '/a/sitecustomize.py',
      '/etc/ld.so.preload',
    ],
    ['/etc/profiles', '/x/bashrc', '/etc/environment.d/x', '/a/.bashrc.bak'],
  ],
  [
    'isSchedule',
    isSchedule,
    [
      '/etc/crontab',
      '/etc/cron.d/x',
      '/var/spool/cron/u',
      '/var/spool/at',
      '/etc/systemd/system/x',
      '/usr/lib/systemd/x',
      '~/.config/systemd/user/x',
      '/etc/init.d/x',
    ],
    ['/etc/cro', '/var/spool/mail', '/systemd/x', '/etc/init.dx'],
  ],
] as const)('%s', (_name, asks, yes, no) => {
  it.each([...yes])('holds of %j', (path) => {
    expect(asks(path)).toBe(true);
  });

  it.each([...no])('does not hold of %j', (path) => {
    expect(asks(path)).toBe(false);
  });
});

describe('what is longer than any path', () => {
  it('is none', () => {
    const at = (length: number): string => `/etc/${'x'.repeat(length - 5)}`;
    expect([isSystemPath(at(4096)), isSystemPath(at(4097))]).toEqual([true, false]);
    expect([isSystemPath(long(4096)), isSystemPath(long(4097))]).toEqual([true, false]);
    expect(isRuntimeSocket(`/${'x'.repeat(4083)}/docker.sock`)).toBe(true);
    expect(isRuntimeSocket(`/${'x'.repeat(4084)}/docker.sock`)).toBe(false);
  });

  it('is none with more than four stars or 64 characters, where it is a pattern', () => {
    const padded = (length: number): string => `/etc/shado[w${'w'.repeat(length - 13)}]`;
    expect(padded(64)).toHaveLength(64);
    expect([isSecretPath(padded(64)), isSecretPath(padded(65))]).toEqual([true, false]);
    expect([isSecretPath('/*e*t*/shad*w'), isSecretPath('/*e*t*/s*ad*w')]).toEqual([true, false]);
    expect([isSecretPath('/et?/s?a?*'), isSecretPath('/e??/s?a?*')]).toEqual([true, false]);
  });
});
