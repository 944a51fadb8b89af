import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { knownProtocols, looksLikeTls, protocolOf } from '#engine/doctor/first-bytes.ts';

const bytes = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex');
const text = (value: string) => Buffer.from(value, 'latin1');

describe('the first bytes of a peer', () => {
  test.each([
    ['tls', 'a TLS alert', bytes('15 03 03 00 02 02 28')],
    ['tls', 'the start of an alert', bytes('15 03 01')],
    ['tls', 'a client hello', bytes('16 03 01 02 00 01 00 01 fc 03 03')],
    ['http', 'an answer', text('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['http', 'a request', text('GET /index.html HTTP/1.1\r\nHost: a\r\n\r\n')],
    ['http', 'the preface of HTTP/2', text('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')],
    ['websocket', 'the answer to a handshake', text('HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\n\r\n')],
    ['websocket', 'a handshake', text('GET /chat HTTP/1.1\r\nHost: a\r\nUpgrade: WebSocket\r\n\r\n')],
    ['ssh', 'a banner', text('SSH-2.0-OpenSSH_9.6\r\n')],
    ['smtp', 'a greeting', text('220 mail.example.com ESMTP Postfix\r\n')],
    ['smtp', 'a client', text('EHLO me\r\n')],
    ['ftp', 'a greeting', text('220 (vsFTPd 3.0.5)\r\n')],
    ['redis', 'an error', text("-ERR unknown command 'hello'\r\n")],
    ['redis', 'a command', text('*1\r\n$4\r\nPING\r\n')],
    ['postgres', 'a request for TLS', bytes('00 00 00 08 04 d2 16 2f')],
    ['postgres', 'a startup', bytes('00 00 00 20 00 03 00 00 75 73 65 72 00')],
    ['postgres', 'an error', Buffer.concat([bytes('45 00 00 00 50'), text('SFATAL\0VFATAL\0')])],
    ['postgres', 'a request for a password', bytes('52 00 00 00 17 00 00 00 0a 53 43 52 41 4d')],
    ['mysql', 'a greeting', Buffer.concat([bytes('4a 00 00 00 0a'), text('8.0.36\0')])],
  ])('tell %s from %s', (protocol, _what, first) => {
    expect(protocolOf(first)).toBe(protocol);
    expect(looksLikeTls(first)).toBe(protocol === 'tls');
  });

  test.each([
    ['nothing', Buffer.alloc(0)],
    ['a line of text', text('hello\r\n')],
    ['JSON', text('{"user": 1}\n')],
    ['numbers', bytes('00 01 02 03 04 05 06 07 08 09')],
    ['a length and a body', bytes('00 00 00 05 68 65 6c 6c 6f')],
    ['a record that is too long for TLS', bytes('16 03 03 ff ff')],
    ['a greeting of neither mail nor files', text('220 welcome\r\n')],
  ])('tell nothing from %s', (_what, first) => {
    expect(protocolOf(first)).toBeUndefined();
  });

  test('may be any', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (first) => {
        expect([undefined, ...knownProtocols]).toContain(protocolOf(first));
      }),
    );
  });
});
