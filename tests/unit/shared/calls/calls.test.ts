import { describe, expect, test } from 'vitest';
import { callsOf } from '#shared/calls/calls.ts';
import type { SocketInfo } from '#shared/record/record.ts';
import type { SocketEvent } from '#shared/socket/event.ts';

const info = (role: SocketInfo['role'], framing = 'raw'): SocketInfo => ({
  id: 1,
  role,
  transport: 'tcp',
  endpoint: 'e',
  name: 'n',
  local: '',
  peer: '',
  framing,
});
const local = { host: '127.0.0.1', port: 12345, family: 4 } as const;
const peer = { host: '::1', port: 80, family: 6 } as const;
const calls = (event: SocketEvent, role: SocketInfo['role'] = 'outgoing') =>
  callsOf({ kind: event.kind, length: 0, event }, info(role)).map(({ call }) => call);

describe('the calls behind a record', () => {
  test('of a listening server are the three of the course', () => {
    expect(calls({ kind: 'listening', local, backlog: 5 }, 'listener')).toEqual([
      'server_socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)',
      "server_socket.bind(('127.0.0.1', 12345))",
      'server_socket.listen(5)',
    ]);
  });

  test('of a connection attempt name the family of its address', () => {
    expect(calls({ kind: 'connecting', peer, attempt: 1, of: 2 })).toEqual([
      'client_socket = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)',
      "client_socket.connect(('::1', 80))",
    ]);
  });

  test('of a WebSocket are one connect() with the headers, and its parts are comments', () => {
    const ws = (role: SocketInfo['role']) => ({ ...info(role), transport: 'ws' as const });
    const event = { kind: 'upgraded', url: 'ws://h:80/', protocol: 'chat', elapsedMs: 1 } as const;
    const request = ['GET / HTTP/1.1', 'Host: h', 'Sec-WebSocket-Key: k', 'X-Token: it’s', 'Origin: http://o'];
    const call = (role: SocketInfo['role']) =>
      callsOf({ kind: event.kind, length: 0, event }, ws(role), { request })[0]?.call;
    expect(call('outgoing')).toBe(
      "websocket = connect('ws://h:80/', additional_headers=[('X-Token', 'it’s')], origin='http://o', subprotocols=['chat'])",
    );
    expect(call('accepted')).toBe('# serve() calls handler(websocket)');
    const connecting = { kind: 'connecting', peer, attempt: 1, of: 1 } as const;
    const parts = callsOf({ kind: connecting.kind, length: 0, event: connecting }, ws('outgoing'));
    expect(parts.every((part) => part.call.startsWith('# client_socket'))).toBe(true);
    expect(parts[0]?.explains).toContain('connect() of websockets makes this call.');
  });

  test('of a limit are none', () => {
    expect(calls({ kind: 'limited', limit: 'maxMessage', text: 't' })).toEqual(['# no call: limit maxMessage']);
  });

  test('say that an ended stream is an empty recv', () => {
    expect(calls({ kind: 'ended' })).toEqual(["client_socket.recv(65536)  # b''"]);
  });

  test('of a pause are recv() on a connection and accept() on a listener', () => {
    const paused = { kind: 'paused', call: 'accept', reason: 'you stopped it' } as const;
    expect([calls({ ...paused, reason: '' }), calls({ kind: 'resumed' })].flat()).toEqual([
      '# recv() is not called for now',
      'data = client_socket.recv(65536)',
    ]);
    expect([calls(paused, 'listener'), calls({ kind: 'resumed' }, 'listener')].flat()).toEqual([
      '# accept() is not called for now',
      'connection, client_address = server_socket.accept()',
    ]);
  });

  test('count the bytes of messages', () => {
    expect(callsOf({ kind: 'in', length: 1 }, info('accepted'))[0]?.call).toContain('# 1 byte');
    expect(callsOf({ kind: 'out', length: 17 }, info('accepted'))[0]?.call).toBe(
      'connection.sendall(data)  # 17 bytes',
    );
    expect(callsOf({ kind: 'in', length: 3 }, info('accepted', 'line'))[0]?.explains).toContain('The framing “line”');
  });

  test('name the exception that Python raises', () => {
    const failed = { kind: 'failed', call: 'connect', errno: 'ECONNREFUSED', text: 'refused', address: local } as const;
    expect(calls(failed)).toEqual(["client_socket.connect(('127.0.0.1', 12345))  # raises ConnectionRefusedError"]);
    expect(calls({ ...failed, call: 'getaddrinfo', errno: 'ENOTFOUND' })[0]).toContain('raises socket.gaierror');
    expect(calls({ ...failed, errno: 'EWHATEVER' })[0]).toContain('raises OSError');
  });

  test('of a reset show how it is made and how it is met', () => {
    const closed = { kind: 'closed', bytesIn: 0, bytesOut: 0 } as const;
    expect(calls({ ...closed, cause: 'reset-by-us' })[0]).toContain('SO_LINGER');
    expect(calls({ ...closed, cause: 'reset-by-peer' })[0]).toContain('ConnectionResetError');
  });

  test('write a host as a Python literal that cannot break out of its quotes', () => {
    expect(calls({ kind: 'resolved', name: "a'\\\n", addresses: [] })[0]).toBe(
      "socket.getaddrinfo('a\\'\\\\\\x0a', None)",
    );
  });

  test('name a socket by what it is to the program', () => {
    const received = (change: Partial<SocketInfo>) =>
      callsOf({ kind: 'in', length: 4 }, { ...info('accepted'), peer: '10.0.0.7:9', ...change })[0]?.call;
    const sent = (change: Partial<SocketInfo>) =>
      callsOf({ kind: 'out', length: 4 }, { ...info('accepted'), peer: '10.0.0.7:9', ...change })[0]?.call;
    expect(received({})).toBe('data = connection.recv(65536)  # 4 bytes');
    expect(received({ role: 'outgoing' })).toBe('data = client_socket.recv(65536)  # 4 bytes');
    expect(received({ transport: 'udp' })).toBe('data, address = server_socket.recvfrom(65535)  # 4 bytes');
    expect(sent({ transport: 'udp' })).toBe("server_socket.sendto(data, ('10.0.0.7', 9))  # 4 bytes");
  });

  test('of a UDP client are send() and recv() after connect(), sendto() and recvfrom() without', () => {
    const client = { ...info('outgoing'), transport: 'udp', peer: '10.0.0.7:9' } as const;
    const of = (socket: SocketInfo) =>
      (['out', 'in'] as const).map((kind) => callsOf({ kind, length: 4 }, socket)[0]?.call);
    expect(of(client)).toEqual(['client_socket.send(data)  # 4 bytes', 'data = client_socket.recv(65535)  # 4 bytes']);
    const unconnected = { ...client, unconnected: true };
    const addressed = [
      "client_socket.sendto(data, ('10.0.0.7', 9))  # 4 bytes",
      'data, address = client_socket.recvfrom(65535)  # 4 bytes',
    ];
    expect(of(unconnected)).toEqual(addressed);
    expect(of({ ...unconnected, role: 'accepted' })).toEqual(addressed);
  });

  test('of a message without recorded reads do not claim what one recv() returned', () => {
    expect(callsOf({ kind: 'in', length: 70_000 }, info('accepted', 'line'))[0]?.call).toBe(
      'data = connection.recv(131072)',
    );
  });
});
