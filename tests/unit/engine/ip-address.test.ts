import { expect, test } from 'vitest';
import { canonicalHost, splitZone } from '#engine/ip-address.ts';

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
