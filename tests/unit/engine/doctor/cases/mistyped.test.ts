import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mistypedHost } from '#engine/doctor/cases/mistyped.ts';
import { Reached } from '#support/cases.ts';

describe('a host that is mistyped', () => {
  test.each([
    ['http://device.lan/path', 'Enter device.lan as host and 80 as port'],
    ['https://[::1]:8443/', 'Enter ::1 as host and 8443 as port'],
    ['tcp://10.0.0.9:502', 'Enter 10.0.0.9 as host and 502 as port'],
    ['mailto://', 'Enter only the host'],
    ['pi@device.lan', 'Enter device.lan as host'],
    ['device.lan 80', 'Enter device.lan as host and 80 as port'],
    ['local host', 'Try localhost'],
    ['[::1]', 'Enter ::1'],
    ['[::1]:80', 'Enter ::1 as host and 80 as port'],
    ['device.lan:80', 'Enter device.lan as host and 80 as port'],
    ['device.lan/status', 'Enter device.lan as host'],
    ['/tmp/app.sock', 'Select a local socket, or enter a host'],
    [':::1', 'Try ::1'],
    ['fe80:1:2', 'An IPv6 address has 8 groups of hex digits, or fewer and one ::'],
    ['127.0.0.l', 'Try 127.0.0.1'],
    ['127.O.0.1', 'Try 127.0.0.1'],
    ['192,168,1,5', 'Try 192.168.1.5'],
    ['192.168..1.5', 'Try 192.168.1.5'],
    ['127.0.0', 'Enter 127.0.0.1 for this machine'],
    ['256.1.1.1', 'Each number must be 0–255'],
    ['1.2.3.4.5', 'Enter four numbers separated by dots, for example 127.0.0.1'],
    ['localhst', 'Try localhost'],
    ['loaclhost', 'Try localhost'],
    ['localhostt', 'Try localhost'],
  ])('%s: %s', (host, advice) => {
    expect(mistypedHost(host)?.advice).toBe(advice);
  });

  test.each([
    'localhost',
    'device.lan',
    'a',
    'xn--bcher-kva.example',
    '127.0.0.1',
    '::1',
    'fe80::1%eth0',
    'my_pc',
    'host1',
    '0.ll',
  ])('%s is not', (host) => {
    expect(mistypedHost(host)).toBeUndefined();
  });

  test('can be any text, and no real name or address is one', () => {
    const reached = new Reached<'mistyped' | 'as it should be'>();
    const typed = fc.oneof(
      fc.string({ maxLength: 300 }),
      fc.webUrl(),
      fc.ipV6().map((host) => `[${host}]`),
    );
    fc.assert(
      fc.property(typed, (host) => {
        const advice = mistypedHost(host);
        reached.note(advice === undefined ? 'as it should be' : 'mistyped');
        expect(advice).not.toBe('');
      }),
    );
    reached.expectEach(['mistyped', 'as it should be'], 10);
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), fc.domain()), (host) => {
        expect(mistypedHost(host)).toBeUndefined();
      }),
    );
  });
});
