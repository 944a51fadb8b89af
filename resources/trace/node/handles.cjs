'use strict';

/*
 * Wraps the methods of the handles on which net, dgram, tls and all that is built on them work. Each method reports the call that
 * libuv makes for it, when it starts and when it ends.
 */

const calls = require('./calls.cjs');
const { currentSource } = require('./sources.cjs');

/** Returns an internal binding, without the warning that some versions print for it; `undefined` where there is none. */
function bindingOf(name) {
  const { noDeprecation } = process;
  process.noDeprecation = true;
  try {
    return process.binding(name);
  } catch {
    return undefined;
  } finally {
    process.noDeprecation = noDeprecation;
  }
}

function addressText({ address, port }) {
  return address === undefined ? '' : address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** Wraps the handles. `maxBytes` of each payload are reported. */
function install(ring, maxBytes) {
  const stream = bindingOf('stream_wrap');
  const tcp = bindingOf('tcp_wrap');
  const udp = bindingOf('udp_wrap');
  if (stream && tcp) wrapTcp(new Reports(ring, maxBytes), tcp.TCP.prototype, stream);
  if (udp) wrapUdp(new Reports(ring, maxBytes), udp.UDP.prototype);
  wrapLookup(ring);
  rememberSources(ring);
}

/** The line that asked for a socket, by the socket or the server: Node.js binds and connects later, without the line. */
const askedIn = new WeakMap();

/** The line that asked for the server that is being set up. */
let listening = 0;

function rememberSources(ring) {
  const net = require('node:net');
  for (const [prototype, name] of [
    [net.Socket.prototype, 'connect'],
    [net.Server.prototype, 'listen'],
  ]) {
    replace(prototype, name, (original) => {
      return function (...args) {
        if (!askedIn.has(this)) askedIn.set(this, currentSource(ring));
        return original.apply(this, args);
      };
    });
  }
  replace(net.Server.prototype, '_listen2', (original) => {
    return function (...args) {
      listening = askedIn.get(this) ?? 0;
      try {
        return original.apply(this, args);
      } finally {
        listening = 0;
      }
    };
  });
}

/** Returns the number of the line that a call on the handle works for: the one that runs, or the one that asked for the socket. */
function sourceOf(ring, handle) {
  return currentSource(ring) || listening || askedIn.get(ownerOf(handle)) || 0;
}

let ownerKey;

/** Returns the socket or the server that has the handle; Node.js keeps it under a symbol of its own. */
function ownerOf(handle) {
  ownerKey ??= Object.getOwnPropertySymbols(handle).find(({ description }) => description === 'owner_symbol');
  return ownerKey === undefined ? handle : (handle[ownerKey] ?? handle);
}

/** Writes calls and what they returned. */
class Reports {
  constructor(ring, maxBytes) {
    this.ring = ring;
    this.maxBytes = maxBytes;
    /** Handles whose socket was reported. */
    this.made = new WeakSet();
  }

  part(bytes) {
    return bytes.length > this.maxBytes ? bytes.subarray(0, this.maxBytes) : bytes;
  }

  /** Reports a call that starts and ends at once; `code` is what libuv returned, negative for an error. */
  whole(name, descriptor, source, amount, argument, code, result, detail, data) {
    const number = this.ring.begin(calls[name], descriptor, source, amount, argument);
    this.ring.finish(calls[name], number, code < 0 ? -code : 0, code < 0 ? -1 : result, detail, data);
  }

  /** Reports socket(), which libuv calls when a handle is first bound or connected. */
  socket(handle, family, type, source) {
    if (this.made.has(handle) || handle.fd < 0) return;
    this.made.add(handle);
    const text = `${family}, ${type}, 0`;
    this.whole('socket', -1, source, 0, text, 0, handle.fd, text, undefined);
  }

  local(handle) {
    const address = {};
    return handle.getsockname(address) === 0 ? addressText(address) : '';
  }

  peer(handle) {
    const address = {};
    return handle.getpeername(address) === 0 ? addressText(address) : '';
  }
}

function replace(prototype, name, build) {
  let owner = prototype;
  while (owner && !Object.hasOwn(owner, name)) owner = Object.getPrototypeOf(owner);
  const original = owner?.[name];
  if (typeof original !== 'function') return;
  // On the prototype of this kind of handle alone: pipes and terminals share the methods of streams.
  Object.defineProperty(prototype, name, {
    value: build(original),
    writable: true,
    configurable: true,
    enumerable: false,
  });
}

function wrapTcp(reports, prototype, stream) {
  for (const name of ['bind', 'bind6']) replace(prototype, name, (original) => bindOf(reports, original, name));
  for (const name of ['connect', 'connect6'])
    replace(prototype, name, (original) => connectOf(reports, original, name));
  replace(prototype, 'listen', (original) => listenOf(reports, original));
  replace(prototype, 'readStart', (original) => readStartOf(reports, original, stream));
  for (const name of [
    'writeBuffer',
    'writev',
    'writeUtf8String',
    'writeAsciiString',
    'writeLatin1String',
    'writeUcs2String',
  ])
    replace(prototype, name, (original) => writeOf(reports, original, name, stream));
  replace(prototype, 'shutdown', (original) => shutdownOf(reports, original));
  for (const name of ['close', 'reset']) replace(prototype, name, (original) => closeOf(reports, original));
}

function bindOf(reports, original, name) {
  const family = name === 'bind' ? 'AF_INET' : 'AF_INET6';
  return function (...args) {
    const source = sourceOf(reports.ring, this);
    const code = original.apply(this, args);
    reports.socket(this, family, 'SOCK_STREAM', source);
    const [address, port] = args;
    reports.whole('bind', this.fd, source, 0, addressText({ address, port }), code, 0, reports.local(this));
    return code;
  };
}

function listenOf(reports, original) {
  return function (backlog) {
    const source = sourceOf(reports.ring, this);
    this.onconnection = acceptOf(reports, this, this.onconnection);
    const code = original.call(this, backlog);
    reports.whole('listen', this.fd, source, backlog, String(backlog), code, 0, '');
    return code;
  };
}

/** Node.js has accepted a connection when it calls this. */
function acceptOf(reports, handle, original) {
  return function (code, client) {
    if (client) reports.made.add(client);
    reports.whole('accept', handle.fd, 0, 0, '', code, client?.fd ?? 0, client ? reports.peer(client) : '');
    return original.call(this, code, client);
  };
}

function connectOf(reports, original, name) {
  const family = name === 'connect' ? 'AF_INET' : 'AF_INET6';
  return function (request, address, port) {
    const { ring } = reports;
    const source = sourceOf(ring, this);
    const code = original.call(this, request, address, port);
    reports.socket(this, family, 'SOCK_STREAM', source);
    const number = ring.begin(calls.connect, this.fd, source, 0, addressText({ address, port }));
    const finish = (status) =>
      ring.finish(calls.connect, number, status < 0 ? -status : 0, status < 0 ? -1 : 0, reports.local(this));
    if (code < 0) {
      finish(code);
      return code;
    }
    const { oncomplete } = request;
    request.oncomplete = function (status, ...rest) {
      finish(status);
      return oncomplete.call(this, status, ...rest);
    };
    return code;
  };
}

function readStartOf(reports, original, { streamBaseState, kReadBytesOrError }) {
  const wrapped = new WeakMap();
  /** The handler of reads is one function for all sockets: it is wrapped once. */
  const wrap = (onread) => {
    const traced = function (buffer) {
      const count = streamBaseState[kReadBytesOrError];
      const result = count === endOfFile ? 0 : count;
      const bytes = count > 0 && buffer ? reports.part(new Uint8Array(buffer, 0, count)) : undefined;
      reports.whole('recv', this.fd, 0, 65_536, '', result, result, '', bytes);
      // The report read the state of the addresses, not of the stream.
      streamBaseState[kReadBytesOrError] = count;
      return onread.call(this, buffer);
    };
    wrapped.set(onread, traced);
    wrapped.set(traced, traced);
    return traced;
  };
  return function () {
    const { onread } = this;
    if (typeof onread === 'function') this.onread = wrapped.get(onread) ?? wrap(onread);
    return original.call(this);
  };
}

/** UV_EOF: the peer has closed its side. */
const endOfFile = -4095;

const encodings = {
  writeUtf8String: 'utf8',
  writeAsciiString: 'latin1',
  writeLatin1String: 'latin1',
  writeUcs2String: 'utf16le',
};

/** Returns the bytes that a method was given to write. */
function bytesOf(name, [, data, allBuffers]) {
  if (name === 'writeBuffer') return data;
  if (name !== 'writev') return Buffer.from(data, encodings[name]);
  if (allBuffers) return Buffer.concat(data);
  const chunks = [];
  for (let at = 0; at < data.length; at += 2) {
    const chunk = data[at];
    chunks.push(typeof chunk === 'string' ? Buffer.from(chunk, data[at + 1]) : chunk);
  }
  return Buffer.concat(chunks);
}

function writeOf(reports, original, name, { streamBaseState, kLastWriteWasAsync }) {
  return function (...args) {
    const bytes = bytesOf(name, args);
    const descriptor = this.fd;
    const source = sourceOf(reports.ring, this);
    const number = reports.ring.begin(calls.send, descriptor, source, bytes.length, '');
    const code = original.apply(this, args);
    const left =
      code === 0 && streamBaseState[kLastWriteWasAsync] !== 0 ? Math.min(bytes.length, this.writeQueueSize) : 0;
    const sent = bytes.length - left;
    reports.ring.finish(
      calls.send,
      number,
      code < 0 ? -code : 0,
      code < 0 ? -1 : sent,
      '',
      reports.part(bytes.subarray(0, sent)),
    );
    if (left > 0) reportRest(reports, args[0], { descriptor, source, bytes: bytes.subarray(sent) });
    return code;
  };
}

/** What the system did not take at once, libuv sends later: a call that ends when the write is complete. */
function reportRest(reports, request, { descriptor, source, bytes }) {
  const number = reports.ring.begin(calls.send, descriptor, source, bytes.length, '');
  const { oncomplete } = request;
  request.oncomplete = function (status, ...rest) {
    const isFailed = status < 0;
    reports.ring.finish(
      calls.send,
      number,
      isFailed ? -status : 0,
      isFailed ? -1 : bytes.length,
      '',
      reports.part(bytes),
    );
    return oncomplete.call(this, status, ...rest);
  };
}

function shutdownOf(reports, original) {
  return function (request) {
    const { ring } = reports;
    const number = ring.begin(calls.shutdown, this.fd, sourceOf(ring, this), 1, 'SHUT_WR');
    const code = original.call(this, request);
    const { oncomplete } = request;
    if (code < 0 || typeof oncomplete !== 'function') {
      ring.finish(calls.shutdown, number, code < 0 ? -code : 0, code < 0 ? -1 : 0, '');
      return code;
    }
    request.oncomplete = function (status, ...rest) {
      ring.finish(calls.shutdown, number, status < 0 ? -status : 0, status < 0 ? -1 : 0, '');
      return oncomplete.call(this, status, ...rest);
    };
    return code;
  };
}

function closeOf(reports, original) {
  return function (...args) {
    if (this.fd >= 0) reports.whole('close', this.fd, sourceOf(reports.ring, this), 0, '', 0, 0, '');
    return original.apply(this, args);
  };
}

function wrapUdp(reports, prototype) {
  for (const name of ['bind', 'bind6']) {
    replace(prototype, name, (original) => {
      const family = name === 'bind' ? 'AF_INET' : 'AF_INET6';
      return function (...args) {
        const source = sourceOf(reports.ring, this);
        const code = original.apply(this, args);
        reports.socket(this, family, 'SOCK_DGRAM', source);
        const [address, port] = args;
        reports.whole('bind', this.fd, source, 0, addressText({ address, port }), code, 0, reports.local(this));
        return code;
      };
    });
  }
  for (const name of ['connect', 'connect6']) {
    replace(prototype, name, (original) => {
      return function (address, port) {
        const code = original.call(this, address, port);
        const source = sourceOf(reports.ring, this);
        reports.whole('connect', this.fd, source, 0, addressText({ address, port }), code, 0, reports.local(this));
        return code;
      };
    });
  }
  for (const name of ['send', 'send6']) replace(prototype, name, (original) => sendDatagramOf(reports, original));
  replace(prototype, 'recvStart', (original) => receiveDatagramsOf(reports, original));
  replace(prototype, 'close', (original) => closeOf(reports, original));
}

function sendDatagramOf(reports, original) {
  return function (...args) {
    const [, list, count, port, address] = args;
    const bytes = Buffer.concat(list.slice(0, count));
    const isTo = typeof address === 'string';
    const name = isTo ? 'sendto' : 'send';
    const source = sourceOf(reports.ring, this);
    const code = original.apply(this, args);
    const to = isTo ? addressText({ address, port }) : '';
    // A positive result: libuv has sent it at once.
    reports.whole(name, this.fd, source, bytes.length, to, Math.min(code, 0), bytes.length, '', reports.part(bytes));
    return code;
  };
}

function receiveDatagramsOf(reports, original) {
  const traced = Symbol('traced');
  return function () {
    const { onmessage } = this;
    if (typeof onmessage === 'function' && !onmessage[traced]) {
      this.onmessage = function (count, handle, buffer, from) {
        const bytes =
          count > 0 && buffer
            ? reports.part(new Uint8Array(buffer.buffer ?? buffer, buffer.byteOffset ?? 0, count))
            : undefined;
        reports.whole(
          'recvfrom',
          this.fd,
          0,
          65_536,
          '',
          Math.min(count, 0),
          count,
          from ? addressText(from) : '',
          bytes,
        );
        return onmessage.call(this, count, handle, buffer, from);
      };
      this.onmessage[traced] = true;
    }
    return original.call(this);
  };
}

function wrapLookup(ring) {
  const dns = require('node:dns');
  const { lookup } = dns;
  dns.lookup = function (host, ...rest) {
    const callback = rest.at(-1);
    if (typeof callback !== 'function') return lookup.call(this, host, ...rest);
    const number = ring.begin(calls.getaddrinfo, -1, currentSource(ring), 0, String(host));
    const traced = (error, address, family) => {
      const found = Array.isArray(address) ? address.map((one) => one.address).join(', ') : (address ?? '');
      ring.finish(calls.getaddrinfo, number, error ? -1 : 0, error ? -1 : 0, error ? String(error.code) : found);
      callback(error, address, family);
    };
    return lookup.call(this, host, ...rest.slice(0, -1), traced);
  };
}

module.exports = { install };
