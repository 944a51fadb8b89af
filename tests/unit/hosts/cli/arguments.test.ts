import { InvalidArgumentError } from 'commander';
import { describe, expect, test } from 'vitest';
import {
  readBytes,
  readChecksum,
  readCount,
  readFraming,
  readHex,
  readRecords,
  readRepeat,
  readSockets,
  readSplits,
  readTarget,
  type Target,
  type TransportFlags,
} from '#hosts/cli/arguments.ts';

describe('an option', () => {
  test('of a framing is read in the spellings of its help', () => {
    expect(readFraming('line')).toEqual({ kind: 'delimiter', delimiter: '0a' });
    expect(readFraming('delim:0d0a')).toEqual({ kind: 'delimiter', delimiter: '0d0a' });
    for (const wrong of ['', 'lines', 'delim:', 'delim:0', 'toString']) expect(() => readFraming(wrong)).toThrow();
  });

  test('of sockets is one or several numbers, and adds to those before it', () => {
    expect(readSockets('3')).toEqual([3]);
    expect(readSockets('0, 7', [3])).toEqual([3, 0, 7]);
    for (const wrong of ['', 'x', '1,', '-1', '4294967296']) expect(() => readSockets(wrong)).toThrow();
    for (const wrong of ['0', '-3', 'all']) expect(() => readRecords(wrong)).toThrow();
  });

  test('of bytes is read as hex, and what is wrong is pointed at', () => {
    expect([...readHex('01 ff')]).toEqual([1, 255]);
    expect(() => readHex('01 x')).toThrow('At character 4: “x” is not a hex digit.');
  });

  test('of a checksum stays as it is spelled', () => {
    expect(readChecksum('crc-16/modbus:le')).toBe('crc-16/modbus:le');
    for (const wrong of ['', 'nope', 'crc-8:to', 'crc-8:le:le']) {
      expect(() => readChecksum(wrong)).toThrow(InvalidArgumentError);
    }
    expect(() => readChecksum('nope')).toThrow('Write NAME[:be|:le]');
  });

  test('of a number takes whole numbers in range only', () => {
    expect(readCount('3')).toBe(3);
    for (const wrong of ['0', '-1', '1.5', '1e3', '0x10', '', ' ', '99999999999999999999']) {
      expect(() => readCount(wrong)).toThrow(InvalidArgumentError);
    }
  });

  test('of bytes may be in thousands and millions', () => {
    expect(['500', '64k', '1.5M', '0.001k'].map(readBytes)).toEqual([500, 64_000, 1_500_000, 1]);
    for (const wrong of ['', '0', '-1', 'k', '1K', '1kB', '0.5', '1.0001k', '1e3']) {
      expect(() => readBytes(wrong)).toThrow(InvalidArgumentError);
    }
  });

  test('of repetitions is a number or for ever', () => {
    expect([readRepeat('1'), readRepeat('1000000')]).toEqual([1, 1_000_000]);
    expect(readRepeat('forever')).toBe(Number.POSITIVE_INFINITY);
    for (const wrong of ['0', '-1', '1.5', 'Infinity', '']) expect(() => readRepeat(wrong)).toThrow();
  });

  test('of places to split at is a list', () => {
    expect(readSplits('1, 4,10')).toEqual([1, 4, 10]);
    for (const wrong of ['0', '', '1,,2', 'x']) expect(() => readSplits(wrong)).toThrow();
  });
});

function target(text: string, flags: TransportFlags = {}, role: 'server' | 'client' = 'client'): Target {
  const read = readTarget(text, role, flags);
  if (!read.ok) throw new Error(read.error.message);
  return read.value;
}

function problem(text: string, flags: TransportFlags = {}, role: 'server' | 'client' = 'client'): string {
  const read = readTarget(text, role, flags);
  return read.ok ? '' : read.error.message;
}

describe('an address', () => {
  test.each([
    ['12345', '127.0.0.1', 12_345],
    ['0', '127.0.0.1', 0],
    [':80', '127.0.0.1', 80],
    ['0.0.0.0:65535', '0.0.0.0', 65_535],
    ['[::1]:12345', '::1', 12_345],
    ['[fe80::1%eth0]:1', 'fe80::1%eth0', 1],
    ['localhost:1', 'localhost', 1],
    ['tcp://12345', '127.0.0.1', 12_345],
  ])('to listen on is read from %s', (text, host, port) => {
    expect(target(text, {}, 'server')).toMatchObject({ transport: 'tcp', host, port });
  });

  test.each(['', 'x', '65536', '-1', '::1:80', '[::1]', 'a:b', '1.5', `${'h'.repeat(256)}:1`])(
    'to listen on is not “%s”',
    (text) => {
      expect(problem(text, {}, 'server')).not.toBe('');
    },
  );

  test.each(['12345', ':12345', 'host:0', 'host:65536', 'host', 'tcp://', 'tcp://host'])(
    'to connect to is not “%s”',
    (text) => {
      expect(problem(text)).not.toBe('');
    },
  );

  test.each<[string, Partial<Target>]>([
    ['tcp://h:1', { transport: 'tcp', host: 'h', port: 1 }],
    ['tls://h:1', { transport: 'tls', host: 'h', port: 1 }],
    ['UDP://[::1]:1', { transport: 'udp', host: '::1', port: 1 }],
    ['ws://h:1', { transport: 'ws', host: 'h', port: 1, wsPath: '/' }],
    ['ws://h', { transport: 'ws', host: 'h', port: 80, wsPath: '/' }],
    ['wss://[::1]/chat?room=1', { transport: 'wss', host: '::1', port: 443, wsPath: '/chat?room=1' }],
    ['ws://h:8080?room=1', { transport: 'ws', host: 'h', port: 8_080, wsPath: '/?room=1' }],
    ['unix:/run/app.sock', { transport: 'local', path: '/run/app.sock' }],
    ['unix:///run/app.sock', { transport: 'local', path: '/run/app.sock' }],
    ['unix:app.sock', { transport: 'local', path: 'app.sock' }],
    ['unix:@name', { transport: 'local', path: '@name' }],
  ])('with a scheme says what carries the bytes: %s', (text, expected) => {
    expect(target(text)).toMatchObject(expected);
  });

  test.each(['ws://me:s3cr3t@h/', 'tcp://me:s3cr3t@h:1'])('has no password in it, and %s is not repeated', (text) => {
    expect(problem(text)).toMatch(/cannot contain a user name and password/);
    expect(problem(text)).not.toContain('s3cr3t');
  });

  test('without one has its transport from the options', () => {
    expect(target('h:1', { udp: true }).transport).toBe('udp');
    expect(target('h:1', { tls: true }).transport).toBe('tls');
    expect(target('h:1/chat', { ws: true })).toMatchObject({ transport: 'ws', wsPath: '/chat' });
    expect(target('8080/chat', { ws: true }, 'server')).toMatchObject({
      host: '127.0.0.1',
      port: 8_080,
      wsPath: '/chat',
    });
    expect(target('h:1', { ws: true, tls: true }).transport).toBe('wss');
    expect(target('/tmp/a b.sock', { unix: true })).toMatchObject({ transport: 'local', path: '/tmp/a b.sock' });
  });

  test('with a scheme takes the options that say the same, and TLS below a WebSocket, but no other', () => {
    expect(target('tls://h:1', { tls: true }).transport).toBe('tls');
    expect(target('ws://h:1', { ws: true, tls: true }).transport).toBe('wss');
    expect(target('wss://h:1', { tls: true }).transport).toBe('wss');
    expect(problem('tcp://h:1', { udp: true })).toBe('--udp cannot be used with tcp:');
    expect(problem('tls://h:1', { ws: true })).toBe('--ws cannot be used with tls:');
    expect(problem('unix:/x', { tls: true })).toBe('--tls cannot be used with unix:');
    expect(problem('http://h:1')).toContain('Unknown scheme “http”');
    expect(problem('constructor://h:1')).toContain('Unknown scheme');
  });

  test.each(['ws://h:1/a#b', 'ws://h:1/a b', 'ws://h:1/é', 'ws://', 'ws://:1', 'ws://h:1\r\nX: y/'])(
    'of a WebSocket is not “%s”',
    (text) => {
      expect(problem(text)).not.toBe('');
    },
  );
});
