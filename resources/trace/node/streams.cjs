'use strict';

/*
 * Wraps the methods of the handles of TCP and of TLS, on which net, tls, http and all that is built on them work. Each method reports
 * the call that libuv makes for it, when it starts and when it ends. Of TLS, the plain bytes are reported.
 */

const calls = require('./calls.cjs');
const { accessorOf, addressText, replace, sourceOf } = require('./reports.cjs');

function wrapTcp(reports, prototype, stream) {
  for (const name of ['bind', 'bind6']) replace(prototype, name, (original) => bindOf(reports, original, name));
  for (const name of ['connect', 'connect6'])
    replace(prototype, name, (original) => connectOf(reports, original, name));
  replace(prototype, 'listen', (original) => listenOf(reports, original));
  const plain = { ...stream, recv: calls.recv, send: calls.send };
  wrapStream(reports, prototype, plain);
  readsOf(reports, prototype, plain)(prototype);
  for (const name of ['close', 'reset']) replace(prototype, name, (original) => closeOf(reports, original));
}

/** Wraps the handles of TLS, which takes all plain bytes at once. The system's reads and writes, of encrypted bytes, are not seen. */
function wrapTls(reports, binding, stream) {
  const { prototype } = binding.TLSWrap;
  const tls = { ...stream, recv: calls.recv | tlsFlag, send: calls.send | tlsFlag, isWhole: true };
  wrapStream(reports, prototype, tls);
  const report = readsOf(reports, prototype, tls);
  // The property of the prototype cannot be replaced.
  replace(binding, 'wrap', (original) => {
    return function (...args) {
      return report(original.apply(this, args));
    };
  });
}

/** Marks the number of a call as one of TLS. */
const tlsFlag = 0x80;

function wrapStream(reports, prototype, stream) {
  // Says that the parser of the HTTP server has taken the handle: it would read from it without the handler.
  Object.defineProperty(prototype, '_consumed', { value: true, writable: true, configurable: true });
  for (const name of ['writeBuffer', 'writev', ...Object.keys(encodings)])
    replace(prototype, name, (original) => writeOf(reports, original, name, stream));
  replace(prototype, 'shutdown', (original) => shutdownOf(reports, original));
}

function bindOf(reports, original, name) {
  const family = name === 'bind' ? 'AF_INET' : 'AF_INET6';
  return function (...args) {
    const source = sourceOf(reports.ring, this);
    const code = original.apply(this, args);
    reports.socket(this, family, 'SOCK_STREAM', source);
    const [address, port] = args;
    // libuv keeps the error for listen() and connect(), which it then does not call.
    const late = code === 0 ? this.getsockname({}) : code;
    if (late < 0) reports.failed.add(this);
    reports.whole(calls.bind, this.fd, source, 0, addressText({ address, port }), late, 0, reports.local(this));
    return code;
  };
}

function listenOf(reports, original) {
  return function (backlog) {
    const source = sourceOf(reports.ring, this);
    this.onconnection = acceptOf(reports, this, this.onconnection);
    const code = original.call(this, backlog);
    if (reports.failed.has(this)) return code;
    reports.whole(calls.listen, this.fd, source, backlog, String(backlog), code, 0, '');
    return code;
  };
}

/** Node.js has accepted a connection when it calls this. */
function acceptOf(reports, handle, original) {
  return function (code, client) {
    if (client) reports.made.add(client);
    reports.whole(calls.accept, handle.fd, 0, 0, '', code, client?.fd ?? 0, client ? reports.peer(client) : '');
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

/** Returns the function that wraps the handler of reads, one function for all sockets, of the object that has it. */
function readsOf(reports, prototype, { streamBaseState, kReadBytesOrError, recv }) {
  const { get, set } = accessorOf(prototype, 'onread');
  if (!get || !set) return (object) => object;
  const wrapped = new WeakMap();
  const originals = new WeakMap();
  const wrap = (onread) => {
    const traced = function (buffer) {
      const count = streamBaseState[kReadBytesOrError];
      const result = count === endOfFile ? 0 : count;
      const bytes = count > 0 && buffer ? reports.part(new Uint8Array(buffer, 0, count)) : undefined;
      reports.whole(recv, this.fd, 0, 65_536, '', result, result, '', bytes);
      return onread.call(this, buffer);
    };
    wrapped.set(onread, traced);
    originals.set(traced, onread);
    return traced;
  };
  const property = {
    // Node.js compares the handler with its own.
    get() {
      const onread = get.call(this);
      return originals.get(onread) ?? onread;
    },
    set(onread) {
      set.call(this, typeof onread === 'function' ? (wrapped.get(onread) ?? wrap(onread)) : onread);
    },
    configurable: true,
    enumerable: true,
  };
  return (object) => Object.defineProperty(object, 'onread', property);
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

function writeOf(reports, original, name, { streamBaseState, kLastWriteWasAsync, send, isWhole }) {
  return function (...args) {
    const bytes = bytesOf(name, args);
    const descriptor = this.fd;
    const source = sourceOf(reports.ring, this);
    const number = reports.ring.begin(send, descriptor, source, bytes.length, '');
    const code = original.apply(this, args);
    const left =
      code === 0 && isWhole !== true && streamBaseState[kLastWriteWasAsync] !== 0
        ? Math.min(bytes.length, this.writeQueueSize)
        : 0;
    const sent = bytes.length - left;
    reports.ring.finish(
      send,
      number,
      code < 0 ? -code : 0,
      code < 0 ? -1 : sent,
      '',
      reports.part(bytes.subarray(0, sent)),
    );
    if (left > 0) reportRest(reports, args[0], { send, descriptor, source, bytes: bytes.subarray(sent) });
    return code;
  };
}

/** What the system did not take at once, libuv sends later: a call that ends when the write is complete. */
function reportRest(reports, request, { send, descriptor, source, bytes }) {
  const number = reports.ring.begin(send, descriptor, source, bytes.length, '');
  const { oncomplete } = request;
  request.oncomplete = function (status, ...rest) {
    const isFailed = status < 0;
    reports.ring.finish(send, number, isFailed ? -status : 0, isFailed ? -1 : bytes.length, '', reports.part(bytes));
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
    if (this.fd >= 0) reports.whole(calls.close, this.fd, sourceOf(reports.ring, this), 0, '', 0, 0, '');
    return original.apply(this, args);
  };
}

module.exports = { closeOf, wrapTcp, wrapTls };
