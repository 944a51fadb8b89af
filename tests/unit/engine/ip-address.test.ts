import { describe, expect, test } from 'vitest';
import { canonicalHost, reaches, splitZone } from '#engine/ip-address.ts';

test('a zone is what follows the percent sign', () => {
  expect(splitZone('fe80::1%eth0')).toEqual({ address: 'fe80::1', zone: 'eth0' });
  expect(splitZone('10.0.0.1')).toEqual({ address: '10.0.0.1', zone: '' });
});

test.each([
  ['0:0:0:0:0:0:0:1', '::1'],
  ['FF02:0::01', 'ff02::1'],
  ['FE80:0::1%eth0', 'fe80::1%eth0'],
  ['::FFFF:7F00:1', '::ffff:127.0.0.1'],
  ['10.0.0.1', '10.0.0.1'],
  ['no address', 'no address'],
  ['%', '%'],
])('%s is written as %s', (host, canonical) => {
  expect(canonicalHost(host)).toBe(canonical);
});

const at = (host: string, port = 80) => ({ host, port, family: host.includes(':') ? 6 : 4 }) as const;

describe('A listening socket is reached', () => {
  test.each([
    ['127.0.0.1', '127.0.0.1'],
    ['0.0.0.0', '127.0.0.1'],
    ['::', '::1'],
    ['::', '127.0.0.1'],
    ['::', '::ffff:127.0.0.1'],
    ['::1', '0:0:0:0:0:0:0:1'],
    ['127.0.0.1', '::ffff:127.0.0.1'],
    ['127.0.0.1', '0.0.0.0'],
    ['::1', '::'],
    ['fe80::1%eth0', 'FE80::1%eth0'],
  ])('at %s under %s', (local, target) => {
    expect(reaches(at(local), at(target), false)).toBe(true);
  });

  test.each([
    ['127.0.0.1', '127.0.0.2'],
    ['0.0.0.0', '::1'],
    ['::1', '127.0.0.1'],
    ['192.0.2.1', '0.0.0.0'],
    ['127.0.0.1', '::'],
    ['fe80::1%eth0', 'fe80::1%eth1'],
  ])('at %s never under %s', (local, target) => {
    expect(reaches(at(local), at(target), false)).toBe(false);
  });

  test('over IPv4 only where an IPv6 one takes both, and at its port alone', () => {
    expect(reaches(at('::'), at('127.0.0.1'), true)).toBe(false);
    expect(reaches(at('127.0.0.1', 80), at('127.0.0.1', 81), false)).toBe(false);
  });
});
