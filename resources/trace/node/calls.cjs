'use strict';

/** The numbers of the calls in a record. The order is that of tracedCallNames in src/shared/calls/trace-format.ts. */
const names =
  'socket bind listen accept connect connect_ex send sendall sendto sendmsg sendfile recv recv_into recvfrom recvfrom_into ' +
  'recvmsg recvmsg_into shutdown close detach setsockopt getsockopt getsockname getpeername settimeout setblocking socketpair ' +
  'dup getaddrinfo gethostbyname getnameinfo select poll epoll_wait kevent do_handshake unwrap';

module.exports = Object.fromEntries(names.split(' ').map((name, at) => [name, at + 1]));
