import { expect, test } from 'vitest';
import { type Interfaces, isMulticast, multicastInterface, systemHost } from '#engine/drivers/udp/hosts.ts';

test.each([
  ['127.0.0.1', 4, '127.0.0.1'],
  ['127.0.0.1', 6, '::ffff:127.0.0.1'],
  ['::ffff:127.0.0.1', 4, '127.0.0.1'],
  ['::FFFF:7F00:1', 6, '::ffff:127.0.0.1'],
  ['0:0:0:0:0:0:0:1', 6, '::1'],
  ['::1%lo', 6, '::1'],
  ['FE80::1%eth9', 6, 'fe80::1%eth9'],
  ['ff02::1%eth9', 6, 'ff02::1%eth9'],
  ['::1', 4, undefined],
  ['localhost', 4, undefined],
  ['', 6, undefined],
] as const)('the system names %s on an IPv%i socket %s', (host, family, name) => {
  expect(systemHost(host, family)).toBe(name);
});

test.each([
  ['224.0.0.1', true],
  ['239.255.255.255', true],
  ['232.1.2.3', true],
  ['223.255.255.255', false],
  ['240.0.0.1', false],
  ['24.0.0.1', false],
  ['ff02::1', true],
  ['FF0E::1', true],
  ['fe80::1', false],
  ['::ff', false],
  ['everyone', false],
])('%s is a group: %s', (host, group) => {
  expect(isMulticast(host)).toBe(group);
});

const mac = '00:00:00:00:00:00';
const ipv4 = (address: string) =>
  ({ address, netmask: '255.0.0.0', family: 'IPv4', mac, internal: false, cidr: null }) as const;
const ipv6 = (address: string, scopeid = 0) =>
  ({ address, netmask: 'ffff::', family: 'IPv6', mac, internal: false, cidr: null, scopeid }) as const;
const interfaces: Interfaces = {
  lo: [ipv4('127.0.0.1'), ipv6('::1')],
  eth0: [ipv4('10.0.0.2'), ipv4('10.0.0.3'), ipv6('fd00::2'), ipv6('fe80::2', 4)],
  tun0: [ipv4('10.8.0.1')],
};

test.each([
  ['10.0.0.2', 4, '10.0.0.2'],
  ['10.9.9.9', 4, '10.9.9.9'],
  ['eth0', 4, '10.0.0.2'],
  ['::%eth0', 4, '10.0.0.2'],
  ['fe80::2', 4, '10.0.0.2'],
  ['4', 4, '10.0.0.2'],
  ['eth0', 6, '::%eth0'],
  ['::%eth0', 6, '::%eth0'],
  ['::%4', 6, '::%eth0'],
  ['4', 6, '::%eth0'],
  ['FE80:0::2', 6, '::%eth0'],
  ['10.0.0.3', 6, '::%eth0'],
  ['lo', 6, '::%lo'],
] as const)('the interface %s is for IPv%i given to Node as %s', (text, family, given) => {
  expect(multicastInterface(text, family, interfaces, 'linux')).toBe(given);
});

test('Windows has zones by number', () => {
  expect(multicastInterface('eth0', 6, interfaces, 'win32')).toBe('::%4');
  expect(multicastInterface('lo', 6, interfaces, 'win32')).toMatchObject({ errno: 'EADDRNOTAVAIL' });
});

test.each([
  ['wlan0', 4, 'ENODEV', 'there is no interface wlan0; this machine has lo (127.0.0.1, ::1), eth0'],
  ['::%wlan0', 6, 'ENODEV', 'there is no interface ::%wlan0'],
  ['::%99', 6, 'ENODEV', 'there is no interface ::%99'],
  ['fd00::99', 6, 'ENODEV', 'there is no interface fd00::99'],
  ['0', 6, 'ENODEV', 'there is no interface 0'],
  ['constructor', 4, 'ENODEV', 'there is no interface constructor'],
  ['tun0', 6, 'EADDRNOTAVAIL', 'the interface tun0 has no IPv6 address'],
] as const)('the interface %s is for IPv%i a failure: %s', (text, family, errno, words) => {
  const answer = multicastInterface(text, family, interfaces, 'linux');
  expect(answer).toMatchObject({ call: 'bind', errno });
  expect(answer).toHaveProperty('text', expect.stringContaining(words));
});
