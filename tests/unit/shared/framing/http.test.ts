import { describe, expect, test } from 'vitest';
import { createFramer, frameAround } from '#shared/framing/spec.ts';
import { describeMessages, messagesIn, problemsIn, readOf, streamFor } from '#support/framing.ts';

const bytes = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'));

describe('HTTP messages', () => {
  const get = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
  const posted = 'POST /a HTTP/1.1\r\ncontent-LENGTH:  3 \r\n\r\nabc';
  const chunked =
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n1a;x="y"\r\nabcdefghijklmnopqrstuvwxyz\r\n1\n!\n000\r\nTrailer: 1\r\n\r\n';

  test.each([
    ['requests one after the other', get + posted + get, [`‹${get}›`, `‹${posted}›`, `‹${get}›`]],
    ['a chunked answer with extensions and trailers', chunked + get, [`‹${chunked}›`, `‹${get}›`]],
    [
      'bare line feeds',
      'GET / HTTP/1.0\nA: b\n\nHTTP/1.1 204\n\n',
      ['‹GET / HTTP/1.0\nA: b\n\n›', '‹HTTP/1.1 204\n\n›'],
    ],
    ['empty lines before a start line', `\r\n\n${get}\r\n`, [`\r\n\n‹${get}›`, '‹\r\n› filler']],
    [
      'answers without a body',
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n',
      ['‹HTTP/1.1 100 Continue\r\n\r\n›', '‹HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n›'],
    ],
    ['an answer until the end', `HTTP/1.0 200 OK\r\n\r\n${get}`, [`‹HTTP/1.0 200 OK\r\n\r\n${get}›`]],
    [
      'equal lengths',
      'PUT / HTTP/1.1\r\nContent-Length: 1, 1\r\nContent-Length: 1\r\n\r\nx',
      ['‹PUT / HTTP/1.1\r\nContent-Length: 1, 1\r\nContent-Length: 1\r\n\r\nx›'],
    ],
    [
      'tabs, folded fields and extensions with quotes',
      'PUT / HTTP/1.1\r\nA:\tb\r\n c\r\nTransfer-Encoding: chunked\r\n\r\n1 ; a = "x;\\"y" ;b\r\n!\r\n0\r\n\r\n',
      ['‹PUT / HTTP/1.1\r\nA:\tb\r\n c\r\nTransfer-Encoding: chunked\r\n\r\n1 ; a = "x;\\"y" ;b\r\n!\r\n0\r\n\r\n›'],
    ],
    [
      'a stream that ends in a body',
      'PUT / HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc',
      ['‹PUT / HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc› incomplete'],
    ],
    ['a stream that ends in a start line', 'GET', ['‹GET› incomplete']],
  ])('%s', (_name, wire, messages) => {
    expect(messagesIn('http', wire)).toEqual(messages);
    expect(messagesIn('http', Array.from(wire))).toEqual(messages);
  });

  test.each([
    ['a bad start line', 'hello\r\n', '', '“hello” is not an HTTP/1 start line'],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n', '\r\nsm\r\n', '“PRI * HTTP/2.0” is not an HTTP/1 start line'],
    ['an invalid status', 'HTTP/1.1 20 OK\r\n', '', '“HTTP/1.1 20 OK” is not an HTTP/1 start line'],
    ['binary', '\x16\x03\x01\0\nnoise\n', '', 'the byte 16 does not start an HTTP message'],
    [
      'a bad length',
      'PUT / HTTP/1.1\r\nContent-Length: -1\r\n\r\n',
      'xyz\n',
      'the Content-Length “-1” is not a length',
    ],
    [
      'lengths that contradict',
      'PUT / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
      'x\n',
      'two Content-Lengths contradict each other: 1 and 2',
    ],
    [
      'a length that is too long',
      'PUT / HTTP/1.1\r\nContent-Length: 9999999999999999\r\n\r\n',
      '',
      'a message claims more than 9007199254740991 bytes, more than the limit of 1048576 bytes (maxMessage)',
    ],
    [
      'a length beside chunks',
      'PUT / HTTP/1.1\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n',
      '0\r\n\r\n',
      'there are both a Content-Length and a Transfer-Encoding',
    ],
    [
      'a folded length',
      'PUT / HTTP/1.1\r\nContent-Length: 1\r\n 0\r\n\r\n',
      'x\n',
      'a field that gives the length continues on a second line',
    ],
    ['a folded first line', 'GET / HTTP/1.1\r\n A: b\r\n\r\n', '', 'white space before the first field'],
    ['a bare CR in a field', 'GET / HTTP/1.1\r\nA: b\rC: d\r\n\r\n', '', '“A: b·C: d” contains a control character'],
    ['a NUL in a field', 'GET / HTTP/1.1\r\nA: \0\r\n\r\n', '', '“A: ·” contains a control character'],
    ['two CRs before an LF', 'GET / HTTP/1.1\r\nA: b\r\r\n\r\n', '', '“A: b·” contains a control character'],
    ['a bare CR in a start line', 'HTTP/1.1 200 O\rK\r\n', '', '“HTTP/1.1 200 O·K” is not an HTTP/1 start line'],
    ...['1 ', '1;', '1;a="b', '1;a=', '1;\0', '1 1'].map((line): [string, string, string, string] => [
      `the chunk line ${JSON.stringify(line)}`,
      `PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n${line}\r\n`,
      'x\r\n',
      `“${line.replace('\0', '·')}” is not a chunk size`,
    ]),
    [
      'a line that is not a field',
      'GET / HTTP/1.1\r\nno field\r\n\r\n',
      '',
      'the header line “no field” is not a field',
    ],
    ...['bad trailer', 'A: b\r\n: c', ' A: b', 'A: \0'].map((lines): [string, string, string, string] => {
      const line = lines.split('\r\n').at(-1) as string;
      const shown = `“${line.replace('\0', '·')}”`;
      const wrong = line.includes('\0')
        ? `${shown} contains a control character`
        : `the trailer line ${shown} is not a field`;
      return [
        `the trailer ${JSON.stringify(lines)}`,
        `PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n${lines}\r\n\r\n`,
        '',
        line.startsWith(' ') ? 'white space before the first trailer' : wrong,
      ];
    }),
    [
      'an unknown coding',
      'PUT / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n',
      '',
      'the Transfer-Encoding of a request does not end with “chunked”',
    ],
    [
      'a bad chunk size',
      'PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n',
      'abc\n',
      '“xyz” is not a chunk size',
    ],
    [
      'a chunk that continues',
      'PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab',
      'c\n',
      'a chunk is longer than its size',
    ],
  ])('%s is malformed, and the next start line is found', (_name, wrong, lost, problem) => {
    const rest = lost === '' ? [] : [`‹${lost}› malformed`];
    expect(messagesIn('http', wrong + lost + get)).toEqual([`‹${wrong}› malformed`, ...rest, `‹${get}›`]);
    expect(problemsIn('http', wrong + lost + get)).toEqual([problem]);
  });

  test('a header of more than 64 KiB is malformed there', () => {
    const wire = `GET / HTTP/1.1\r\nA: ${'x'.repeat(70_000)}\r\n\r\n`;
    const stream = streamFor('http')
      .push([readOf(wire)])
      .end();
    expect(stream.problems).toEqual(['the header has more than 65536 bytes', 'no HTTP/1 start line begins here']);
    expect(stream.messages.map((message) => message.body.length)).toEqual([65_536, wire.length - 65_536]);
    const pieces = wire.match(/.{1,1000}/gs) ?? [];
    expect(
      streamFor('http')
        .push(pieces.map((piece) => readOf(piece)))
        .end().messages,
    ).toEqual(stream.messages);
  });
});

describe('HTTP with what was sent in the other direction', () => {
  const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n';

  test('an answer to HEAD has no body, with any length; those to other requests do', () => {
    const stream = streamFor('http');
    stream.stream.sent(bytes('GET / HTTP/1.1\r\n\r\nHEA'));
    stream.stream.sent(bytes('D / HTTP/1.1\r\n\r\nPUT / HTTP/1.1\r\nContent-Length: 16\r\n\r\nHEAD / HTTP/1.1\n'));
    stream.push([readOf(`HTTP/1.1 100 \r\n\r\n${answer}abc${answer}${answer}xyz`)]).end();
    expect(describeMessages(stream.messages)).toEqual([
      '‹HTTP/1.1 100 \r\n\r\n›',
      `‹${answer}abc›`,
      `‹${answer}›`,
      `‹${answer}xyz›`,
    ]);
  });

  test('the answers to more HEADs than are remembered still belong to their requests', () => {
    const stream = streamFor('http');
    for (let count = 0; count < 1_500; count += 1) stream.stream.sent(bytes('HEAD / HTTP/1.1\r\n\r\n'));
    stream.push([readOf(answer.repeat(1_000))]);
    expect(stream.messages).toHaveLength(1_000);
    stream.push([readOf(`${answer}abc`.repeat(500))]);
    expect(stream.messages).toHaveLength(1_500);
    stream.stream.sent(bytes('HEAD / HTTP/1.1\r\n\r\n'));
    expect(describeMessages(stream.push([readOf(answer)]).messages.slice(1_500))).toEqual([`‹${answer}›`]);
  });

  test.each([
    ['101', 'GET /ws HTTP/1.1\r\nUpgrade: websocket\r\n\r\n', 'HTTP/1.1 101 Switching Protocols\r\n\r\n'],
    ['an answer to CONNECT', 'CONNECT a:1 HTTP/1.1\r\n\r\n', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n'],
  ])('after %s both directions are raw', (_name, request, response) => {
    const client = streamFor('http');
    client.stream.sent(bytes(request));
    client.push([readOf(`${response}ab`), readOf('GET / HTTP/1.1\r\n\r\n')]);
    expect(describeMessages(client.messages)).toEqual([`‹${response}›`, '‹ab›', '‹GET / HTTP/1.1\r\n\r\n›']);

    const server = streamFor('http').push([readOf(request)]);
    server.stream.sent(bytes(response));
    server.push([readOf('\x81\x05he'), readOf('llo')]);
    expect(describeMessages(server.messages)).toEqual([`‹${request}›`, '‹\x81\x05he›', '‹llo›']);
  });

  test('other framings do not care', () => {
    expect(createFramer({ kind: 'json' }, 100).sent).toBeUndefined();
    expect(frameAround({ kind: 'http' }, 10)).toEqual({ head: new Uint8Array(0), tail: new Uint8Array(0) });
  });
});
