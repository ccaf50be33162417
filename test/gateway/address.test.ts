import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { addressBytes, judgeAddress, rangeOf } from '../../src/gateway/upstream/address.ts';

const EVERYTHING = ['0.0.0.0/0', '::/0'];

describe('never, whatever the Plugin allows', () => {
  test.each([
    ['unspecified', '0.0.0.0'],
    ['this network', '0.1.2.3'],
    ['loopback', '127.0.0.1'],
    ['loopback, elsewhere', '127.255.1.2'],
    ['link-local', '169.254.1.1'],
    ['metadata', '169.254.169.254'],
    ['metadata of Alibaba', '100.100.100.200'],
    ['metadata of Azure', '168.63.129.16'],
    ['metadata of Oracle', '192.0.0.192'],
    ['multicast', '224.0.0.1'],
    ['multicast, elsewhere', '239.255.255.250'],
    ['broadcast', '255.255.255.255'],
    ['unspecified IPv6', '::'],
    ['loopback IPv6', '::1'],
    ['loopback IPv6, long', '0:0:0:0:0:0:0:1'],
    ['link-local IPv6', 'fe80::1'],
    ['site-local IPv6', 'fec0::1'],
    ['multicast IPv6', 'ff02::1'],
    ['metadata of AWS by IPv6', 'fd00:ec2::254'],
    ['metadata of AWS by IPv6, long', 'FD00:0EC2:0:0:0:0:0:0254'],
    ['v4-mapped loopback', '::ffff:127.0.0.1'],
    ['v4-mapped loopback in hexadecimal', '::ffff:7f00:1'],
    ['v4-mapped metadata', '::ffff:a9fe:a9fe'],
    ['v4-compatible loopback', '::127.0.0.1'],
    ['v4-translated metadata', '::ffff:0:169.254.169.254'],
    ['NAT64 of metadata', '64:ff9b::169.254.169.254'],
    ['NAT64 of loopback', '64:ff9b::7f00:1'],
    ['local NAT64 of metadata', '64:ff9b:1::a9fe:a9fe'],
    ['6to4 of loopback', '2002:7f00:1::'],
    ['6to4 of metadata', '2002:a9fe:a9fe::1'],
    ['Teredo of loopback', '2001:0:1:2:3:4:80ff:fffe'],
    ['Teredo of metadata', '2001::5601:5601'],
  ])('%s: %s', (_name, address) => {
    expect(judgeAddress(address, EVERYTHING)).toBe('Forbidden');
  });
});

describe('only where the Plugin allows it', () => {
  test.each([
    ['private', '10.1.2.3', '10.0.0.0/8'],
    ['private', '172.31.255.255', '172.16.0.0/12'],
    ['private', '192.168.1.1', '192.168.1.1/32'],
    ['carrier-grade NAT', '100.64.0.1', '100.64.0.0/10'],
    ['documentation', '192.0.2.1', '192.0.2.0/24'],
    ['documentation', '198.51.100.7', '198.51.100.0/24'],
    ['documentation', '203.0.113.9', '203.0.113.0/24'],
    ['benchmarks', '198.19.0.1', '198.18.0.0/15'],
    ['reserved', '240.0.0.1', '240.0.0.0/4'],
    ['unique local', 'fd12:3456::1', 'fd12:3456::/32'],
    ['documentation IPv6', '2001:db8::1', '2001:db8::/32'],
    ['nobody’s IPv6', '4000::1', '4000::/16'],
    ['v4-mapped private', '::ffff:10.1.2.3', '10.0.0.0/8'],
    ['NAT64 of private', '64:ff9b::10.1.2.3', '10.0.0.0/8'],
    ['6to4 of private', '2002:a01:203::1', '10.0.0.0/8'],
    ['Teredo of private', '2001::f5fe:fdfc', '10.0.0.0/8'],
  ])('%s: %s', (_name, address, cidr) => {
    expect(judgeAddress(address)).toBe('Forbidden');
    expect(judgeAddress(address, [cidr])).toBe('Allowed');
    expect(judgeAddress(address, ['10.96.0.0/16', 'fd00:1::/64'])).toBe('Forbidden');
  });

  test('an embedded address is judged by itself, never by what carries it', () => {
    expect(judgeAddress('::ffff:10.1.2.3', ['::ffff:0:0/96'])).toBe('Forbidden');
  });
});

test.each(['1.1.1.1', '93.184.215.14', '2606:4700::1111', '64:ff9b::8.8.8.8', '::ffff:8.8.8.8'])(
  'public: %s',
  (address) => {
    expect(judgeAddress(address)).toBe('Allowed');
  },
);

describe('what is no address is forbidden', () => {
  test.each([
    '2130706433',
    '0x7f000001',
    '0x7f.0.0.1',
    '0177.0.0.1',
    '127.1',
    '1.1.1.01',
    '1.1.1.256',
    '1.1.1.1.1',
    '1.1.1.',
    ' 1.1.1.1',
    '１.1.1.1',
    'localhost',
    '',
    '2606:4700::1111%eth0',
    '2606:4700:::1111',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7::8',
    '::ffff:1.2.3',
    '[::1]',
    'g::1',
    '12345::1',
  ])('%j', (text) => {
    expect(addressBytes(text)).toBeUndefined();
    expect(judgeAddress(text, EVERYTHING)).toBe('Forbidden');
  });
});

test.each(['10.0.0.0', '10.0.0.0/33', '10.0.0.0/-1', '10.0.0.0/08', 'x/8', '::/129', '10.0.0.0/8/8'])(
  'no range: %s',
  (text) => {
    expect(rangeOf(text)).toBeUndefined();
  },
);

test('no address that carries a forbidden one is allowed', () => {
  const loopback = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255));
  fc.assert(
    fc.property(loopback, ([b, c, d]) => {
      for (const prefix of ['::ffff:', '64:ff9b::', '::ffff:0:'])
        expect(judgeAddress(`${prefix}127.${b}.${c}.${d}`, EVERYTHING)).toBe('Forbidden');
    }),
  );
});
