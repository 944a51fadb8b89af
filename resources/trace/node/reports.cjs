'use strict';

/* What the wrapped methods of all kinds of handles have in common: the report of a call, its addresses and its source line. */

const calls = require('./calls.cjs');
const { currentSource } = require('./sources.cjs');

function addressText({ address, port }) {
  return address === undefined ? '' : address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** The line that asked for a socket, by the socket or the server: Node.js binds and connects later, without the line. */
const askedIn = new WeakMap();

/** The line that asked for the server that is being set up. */
let listening = 0;

/** Remembers the line that asks for each socket and server. */
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

/** Returns the socket or the server that has the handle; Node.js keeps it under an internal symbol. */
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
    /** Handles whose bind() failed. */
    this.failed = new WeakSet();
  }

  part(bytes) {
    return bytes.length > this.maxBytes ? bytes.subarray(0, this.maxBytes) : bytes;
  }

  /** Reports a call that starts and ends at once; `code` is what libuv returned, negative for an error. */
  whole(call, descriptor, source, amount, argument, code, result, detail, data) {
    const number = this.ring.begin(call, descriptor, source, amount, argument);
    this.ring.finish(call, number, code < 0 ? -code : 0, code < 0 ? -1 : result, detail, data);
  }

  /** Reports socket(), which libuv calls when a handle is first bound or connected. */
  socket(handle, family, type, source) {
    if (this.made.has(handle) || handle.fd < 0) return;
    this.made.add(handle);
    const text = `${family}, ${type}, 0`;
    this.whole(calls.socket, -1, source, 0, text, 0, handle.fd, text, undefined);
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

/** Returns the accessor that the prototype has or inherits; with no functions if it does not exist. */
function accessorOf(prototype, name) {
  for (let owner = prototype; owner; owner = Object.getPrototypeOf(owner)) {
    const found = Object.getOwnPropertyDescriptor(owner, name);
    if (found?.get) return found;
    // Until Node.js 22, it looks like a value, and is an accessor of V8.
    if (found) return accessorOfV8(owner, name);
  }
  return {};
}

function accessorOfV8(owner, name) {
  return {
    get() {
      return Reflect.get(owner, name, this);
    },
    set(value) {
      Reflect.set(owner, name, value, this);
    },
  };
}

module.exports = { accessorOf, Reports, addressText, rememberSources, replace, sourceOf };
