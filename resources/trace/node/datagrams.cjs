'use strict';

/* Wraps the methods of the handles of UDP, on which dgram works. */

const calls = require('./calls.cjs');
const { addressText, replace, sourceOf } = require('./reports.cjs');
const { closeOf } = require('./streams.cjs');

function wrapUdp(reports, prototype) {
  for (const name of ['bind', 'bind6']) {
    replace(prototype, name, (original) => {
      const family = name === 'bind' ? 'AF_INET' : 'AF_INET6';
      return function (...args) {
        const source = sourceOf(reports.ring, this);
        const code = original.apply(this, args);
        reports.socket(this, family, 'SOCK_DGRAM', source);
        const [address, port] = args;
        reports.whole(calls.bind, this.fd, source, 0, addressText({ address, port }), code, 0, reports.local(this));
        return code;
      };
    });
  }
  for (const name of ['connect', 'connect6']) {
    replace(prototype, name, (original) => {
      return function (address, port) {
        const code = original.call(this, address, port);
        const source = sourceOf(reports.ring, this);
        reports.whole(calls.connect, this.fd, source, 0, addressText({ address, port }), code, 0, reports.local(this));
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
    const call = isTo ? calls.sendto : calls.send;
    const source = sourceOf(reports.ring, this);
    const code = original.apply(this, args);
    const to = isTo ? addressText({ address, port }) : '';
    // A positive result: libuv has sent it at once.
    reports.whole(call, this.fd, source, bytes.length, to, Math.min(code, 0), bytes.length, '', reports.part(bytes));
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
          calls.recvfrom,
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

module.exports = { wrapUdp };
