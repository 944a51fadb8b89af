import { expect, test } from 'vitest';
import { callEntry } from '#shared/calls/call-catalogue.ts';

const linesOf = (name: string, args: string, socket = 'client_socket') => {
  const entry = callEntry(name);
  if (!entry) throw new Error(`there is no entry for ${name}`);
  return [entry.man, entry.python({ args, socket }), entry.c({ args, socket }), entry.node({ args, socket })];
};

test.each([
  [
    'connect',
    '127.0.0.1:12345',
    'connect(2)',
    'client_socket.connect(("127.0.0.1", 12345))',
    'connect(fd, &address, sizeof address);  /* 127.0.0.1:12345 */',
    'net.connect(12345, "127.0.0.1")',
  ],
  [
    'bind',
    '[::1]:80',
    'bind(2)',
    'client_socket.bind(("::1", 80))',
    'bind(fd, &address, sizeof address);  /* [::1]:80 */',
    'client_socket.listen(80, "::1")  // bind() and listen()',
  ],
  [
    'recv',
    '1024',
    'recv(2)',
    'data = client_socket.recv(1024)',
    'ssize_t count = recv(fd, buffer, 1024, 0);',
    "client_socket.on('data', (data) => { … })",
  ],
  [
    'socket',
    'AF_INET6, SOCK_DGRAM',
    'socket(2)',
    'client_socket = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)',
    'int fd = socket(AF_INET6, SOCK_DGRAM, 0);',
    "const client_socket = dgram.createSocket('udp4')",
  ],
  [
    'sendto',
    '5 bytes, 127.0.0.1:9',
    'sendto(2)',
    'client_socket.sendto(data, ("127.0.0.1", 9))',
    'sendto(fd, data, length, 0, &address, sizeof address);  /* 5 bytes, 127.0.0.1:9 */',
    'client_socket.send(data, 9, "127.0.0.1")',
  ],
  [
    'getaddrinfo',
    'localhost',
    'getaddrinfo(3)',
    'socket.getaddrinfo("localhost")',
    'getaddrinfo(name, service, &hints, &found);  /* localhost */',
    'dns.lookup("localhost", { all: true }, (error, found) => { … })',
  ],
])('%s(%s) has its manual page, and its line in Python, C and Node.js', (name, args, ...lines) => {
  expect(linesOf(name, args)).toEqual(lines);
});

test('arguments from a program cannot end the comment that they are in', () => {
  expect(linesOf('bind', '/tmp/*/x')[2]).toBe('bind(fd, &address, sizeof address);  /* /tmp/* /x */');
});

test.each(['', 'frobnicate', 'toString', '__proto__'])('there is no entry for “%s”', (name) => {
  expect(callEntry(name)).toBeUndefined();
});
