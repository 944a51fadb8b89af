import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatHostPort, isLoopback, parseHostPort } from '#shared/socket/address.ts';

describe('host and port', () => {
  test('are read back as they were written, IPv6 in brackets', () => {
    const host = fc.oneof(fc.ipV4(), fc.ipV6(), fc.domain());
    fc.assert(
      fc.property(host, fc.nat(65_535), (name, port) => {
        expect(parseHostPort(formatHostPort(name, port))).toEqual({ host: name, port });
      }),
    );
  });

  test('a port alone takes the default host, where there is one', () => {
    expect(parseHostPort('8080', '127.0.0.1')).toEqual({ host: '127.0.0.1', port: 8080 });
    expect(parseHostPort(':8080', '127.0.0.1')).toEqual({ host: '127.0.0.1', port: 8080 });
    expect(parseHostPort('8080')).toBeUndefined();
  });

  test.each(['', 'host', 'host:', 'host:x', '::1:80', '[::1', '[]:1', 'a:-1'])('%j is neither', (text) => {
    expect(parseHostPort(text, 'localhost')).toBeUndefined();
  });
});

test.each([
  ['127.0.0.1', true],
  ['127.9.9.9', true],
  ['::1', true],
  ['::ffff:127.0.0.1', true],
  ['LOCALHOST', true],
  ['0.0.0.0', false],
  ['::', false],
  ['127.evil.example', false],
  ['192.168.0.1', false],
])('%s reaches only this machine: %s', (host, loopback) => {
  expect(isLoopback(host)).toBe(loopback);
});
