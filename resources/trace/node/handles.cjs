'use strict';

/* Finds the handles of Node.js, and wraps those of sockets. */

const calls = require('./calls.cjs');
const { wrapUdp } = require('./datagrams.cjs');
const { Reports, rememberSources } = require('./reports.cjs');
const { currentSource } = require('./sources.cjs');
const { wrapTcp, wrapTls } = require('./streams.cjs');

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

/** Wraps the handles. `maxBytes` of each payload are reported. */
function install(ring, maxBytes) {
  const stream = bindingOf('stream_wrap');
  const tcp = bindingOf('tcp_wrap');
  const udp = bindingOf('udp_wrap');
  const tls = bindingOf('tls_wrap');
  if (stream && tcp) wrapTcp(new Reports(ring, maxBytes), tcp.TCP.prototype, stream);
  if (stream && tls) wrapTls(new Reports(ring, maxBytes), tls, stream);
  if (udp) wrapUdp(new Reports(ring, maxBytes), udp.UDP.prototype);
  wrapLookup(ring);
  rememberSources(ring);
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
