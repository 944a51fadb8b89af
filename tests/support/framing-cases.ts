import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
import { parseFraming } from '#shared/framing/spec.ts';
import { httpMessages, jsonTexts, xmlDocuments } from './framing-arbitraries.ts';
import {
  fixFields,
  postgresMessages,
  respMessages,
  scpiMessages,
  stompFrames,
  xmppMessages,
} from './protocol-arbitraries.ts';

/** A framing, with what the laws need to know of it. */
export interface FramingCase {
  readonly name: string;
  readonly spec: FramingSpec;
  /** Bodies that it can carry and give back. */
  readonly bodies: fc.Arbitrary<Uint8Array>;
  /** Bytes that mean something to it. */
  readonly words: readonly string[];
  /** What its reader gets of `body`, where that is not just the body. */
  readonly received?: (body: Uint8Array) => Uint8Array;
}

// fast-check's arrays have at most ten elements, unless more are requested.
const bytes = (minLength: number, maxLength: number) => fc.uint8Array({ minLength, maxLength, size: 'max' });
const anyBytes = bytes(0, 60);
const hex = (text: string) => Buffer.from(text, 'hex').toString('latin1');
const endsAlone = (delimiter: string) =>
  anyBytes.filter(
    (body) => Buffer.concat([body, Buffer.from(delimiter, 'hex')]).indexOf(delimiter, 'hex') === body.length,
  );

function framing(spelling: string, words: readonly string[], more: Partial<FramingCase> = {}): FramingCase {
  const spec = parseFraming(spelling);
  assert(spec, `${spelling} is not a framing`);
  return { name: spelling, spec, bodies: anyBytes, words, ...more };
}

const controls = ['02', '03', '10', '00', 'c0', 'db', 'dc', 'dd', 'ff', '01'].map(hex);
const json = ['{', '}', '[', ']', '"', '\\', ',', ':', ' ', '\n', 'true', 'tru', '-1', '\x1e'];
const xml = [
  '<',
  '>',
  '<a>',
  '</a>',
  '<a/>',
  '<!--',
  '-->',
  '<![CDATA[',
  ']]>',
  '<?',
  '?>',
  '"',
  "'",
  '/',
  '\n',
  '<!DOCTYPE',
  '[',
  ']',
  '<!',
];
const http = [
  'GET / HTTP/1.1\r\n',
  'HTTP/1.1 200 OK\n',
  'HTTP/1.1 204 \r\n',
  'HEAD',
  '\r\n',
  '\n',
  '\r',
  'Content-Length: 3\r\n',
  'Content-Length: x\r\n',
  'Transfer-Encoding: chunked\r\n',
  '\r\n\r\n',
  '3\r\nabc\r\n',
  '0\r\n\r\n',
  'A',
  ':',
  'a: b\r\n',
  ';x=y',
];
const counted = ['1', '12', '3 ', '0', '4:abcd,', ' ', ':', ',', '<', '5 <abcd', 'a'];
const headers = [
  'Content-Length: 3\r\n\r\nabc',
  'Content-Length: ',
  'Content-Type: x\r\n',
  '3',
  '\r\n',
  '\n',
  '\r',
  'C',
  'a',
  ':',
];
const resp = [
  '+OK\r\n',
  '$3\r\n',
  'abc\r\n',
  '*2\r\n',
  '%1\r\n',
  '|1\r\n',
  '*?\r\n',
  '$?\r\n',
  ';1\r\na\r\n',
  '.\r\n',
  '\r\n',
  '\n',
  '-1',
  '$',
  '*',
  'PING',
];
const scpi = ['*IDN?', '#13', '#0', '#', '9', ' ', ',', '"', "'", '\n', '\r\n', 'a'];
const stomp = ['SEND\n', 'content-length:2\n', 'a:b\n', '\n', '\r\n', '\0', 'ab', 'A', ':'];
const fix = ['8=FIX.4.4\x01', '9=5\x01', '35=0\x01', '10=161\x01', '10=', '\x01', '8', '=', '9'];
const xmpp = [
  '<stream:stream>',
  '</stream:stream>',
  '<a>',
  '</a>',
  '<a/>',
  '<?xml ?>',
  '<![CDATA[',
  ']]>',
  '<!--',
  '<',
  '>',
  '"',
  "'",
  '/',
  ' ',
  'x',
];
const postgres = [...controls, 'Q', 'N', 'S', '\0\0\0\x08', '\0\0\0\x05', '\x04\xd2\x16\x2f'];

/** Every framing, and every way in which one can be set. */
export const framingCases: readonly FramingCase[] = [
  framing('raw', ['\n'], { bodies: bytes(1, 60) }),
  framing('line', ['\n', '\r'], { bodies: endsAlone('0a') }),
  framing('line:crlf', ['\n', '\r'], { bodies: endsAlone('0d0a') }),
  framing('line:cr:keep', ['\n', '\r'], {
    bodies: endsAlone('0d'),
    received: (body) => Buffer.concat([body, Buffer.from('\r')]),
  }),
  framing('delim:6161620a', ['a', 'b', '\n'], { bodies: endsAlone('6161620a') }),
  framing('delim:616161', ['a', 'b'], { bodies: endsAlone('616161') }),
  framing('fixed:16:pad20', [' '], {
    bodies: bytes(0, 16),
    received: (body) => Buffer.concat([body, Buffer.alloc(16 - body.length, ' ')]),
  }),
  framing('len:1', controls),
  framing('len:2le:incl', controls),
  framing('len:4be', controls),
  framing('len:8le:at3', controls),
  framing('len:8be', controls),
  framing('len:2be:at4:incl', controls),
  framing('len:3le:adj1', controls, { bodies: bytes(1, 60) }),
  framing('len:4be:at1:adj-4', controls),
  framing('len:1:at3:adj1:tail1:first414d5150', [...controls, 'A', 'AMQP']),
  framing('len:2be:starta55a', [...controls, hex('a55a'), hex('a5')]),
  framing('len:2le:at5:incl:adj2:tail2:starta5a5a5', [...controls, hex('a5a5a5'), hex('a5')]),
  framing('len:5be', controls),
  framing('len:7le:incl', controls),
  framing('len:varint', controls, { bodies: bytes(0, 300) }),
  framing('len:varint:at1:incl', controls, { bodies: bytes(0, 300) }),
  framing('stx', controls),
  framing('stx:00:ff:01', controls),
  framing('slip', controls, { bodies: bytes(1, 60) }),
  framing('slip:01:02:03:04', ['\x01', '\x02', '\x03', '\x04', 'a'], { bodies: bytes(1, 60) }),
  framing('start:aa55:fixed:5', [hex('aa'), hex('55'), hex('aa55'), 'a'], {
    bodies: bytes(0, 5),
    received: (body) => Buffer.concat([body, Buffer.alloc(5 - body.length)]),
  }),
  framing('start:24:delim:0d0a', ['$', '\r', '\n', 'a'], { bodies: endsAlone('0d0a') }),
  framing('start:6161:delim:616162', ['a', 'b', 'c'], { bodies: endsAlone('616162') }),
  framing('octet', counted, { bodies: bytes(1, 120) }),
  framing('syslog', [...counted, '\n', '\r\n', '<1>a\n'], { bodies: bytes(1, 120) }),
  framing('netstring', counted),
  framing('mllp', [hex('0b'), hex('1c'), '\r', hex('1c0d'), 'a'], {
    bodies: anyBytes.filter((body) => !body.includes(0x0b) && !body.includes(0x1c)),
  }),
  framing('lsp', headers),
  framing('resp', resp, { bodies: respMessages }),
  framing('scpi', scpi, { bodies: scpiMessages }),
  framing('stomp', stomp, { bodies: stompFrames }),
  framing('fix', fix, { bodies: fixFields }),
  framing('xmpp', xmpp, { bodies: xmppMessages }),
  framing('postgres', postgres, { bodies: postgresMessages }),
  framing('cobs', controls, {
    bodies: fc.oneof(anyBytes, fc.uint8Array({ min: 1, minLength: 250, maxLength: 520, size: 'max' })),
  }),
  framing('json', json, { bodies: jsonTexts }),
  framing('json:array', json, { bodies: jsonTexts }),
  framing('xml', xml, { bodies: xmlDocuments }),
  framing('http', http, { bodies: httpMessages }),
  framing('gap:50', [], { bodies: bytes(1, 60) }),
];
