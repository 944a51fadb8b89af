import { describe, expect, test } from 'vitest';
import { createFramer } from '#shared/framing/spec.ts';
import { describeMessages, readOf, streamFor } from '#support/framing.ts';

describe('a wrong frame', () => {
  test('is one message, and the framing continues', () => {
    const stream = streamFor('json').push([readOf('{}oops\n[]')]);
    expect(describeMessages(stream.messages)).toEqual(['‹{}›', '‹oops\n› malformed', '‹[]›']);
    expect(stream.stream.problem).toBe('“o” does not start a JSON value');
    expect(stream.stream.stopped).toBe(false);
  });

  test('stops the framing where that is wished: what follows comes as it is read', () => {
    const stream = streamFor('json', { badFrame: 'stop' }).push([readOf('{}oops\n[]x\n{'), readOf('}'), readOf('[1,')]);
    expect(describeMessages(stream.messages)).toEqual(['‹{}›', '‹oops\n› malformed', '‹[]x\n{›', '‹}›', '‹[1,›']);
    expect(stream.stream.stopped).toBe(true);
    expect(stream.stream.problem).toBe('“o” does not start a JSON value');
  });

  test('at the end of the stream says why, too', () => {
    const stream = streamFor('xml')
      .push([readOf('hello')])
      .end();
    expect(stream.stream.problem).toBe('the byte 68 does not start an XML document');
    expect(stream.problems).toEqual(['the byte 68 does not start an XML document']);
  });

  test('of a framing that stopped is re-framed by another', () => {
    const stream = streamFor('stx', { badFrame: 'stop' }).push([readOf('a\x02b')]);
    stream.stream.reframe(createFramer({ kind: 'delimiter', delimiter: '0a' }, 100));
    expect(stream.stream.stopped).toBe(false);
    expect(stream.stream.problem).toBe('');
    expect(describeMessages(stream.push([readOf('c\nd\n')]).messages)).toEqual([
      '‹a› malformed',
      '‹\x02b›',
      '‹c›\n',
      '‹d›\n',
    ]);
  });
});

describe('another framing on a live stream', () => {
  test('splits the carry-over immediately', () => {
    const stream = streamFor('json').push([readOf('[1]\n{"a":\n2')]);
    stream.stream.reframe(createFramer({ kind: 'delimiter', delimiter: '0a' }, 100));
    expect(describeMessages(stream.messages)).toEqual(['‹[1]›', '‹›\n', '‹{"a":›\n']);
    expect(stream.stream.pending).toBe(1);
    expect(describeMessages(stream.push([readOf('}\n')]).messages.slice(3))).toEqual(['‹2}›\n']);
  });

  test('begins a message in the middle of one that the limit had cut', () => {
    const stream = streamFor('line', { maxMessage: 4 }).push([readOf('abcdef')]);
    stream.stream.reframe(createFramer({ kind: 'raw' }, 100));
    expect(describeMessages(stream.push([readOf('gh')]).messages)).toEqual(['‹abcd› truncated', '‹ef›', '‹gh›']);
  });
});

describe('a gap', () => {
  test('ends a message when the next read comes late', () => {
    const stream = streamFor('gap:50')
      .push([readOf('a', 0), readOf('b', 49), readOf('c', 99), readOf('d', 100)])
      .end();
    expect(describeMessages(stream.messages)).toEqual(['‹ab›', '‹cd›']);
  });

  test('ends a message when nothing comes, once somebody says so', () => {
    const stream = streamFor('gap:50').push([readOf('a', 10), readOf('b', 20)]);
    expect(stream.stream.gapMs).toBe(50);
    stream.stream.idle(69);
    expect(stream.messages).toEqual([]);
    stream.stream.idle(70);
    stream.stream.idle(200);
    expect(describeMessages(stream.push([readOf('c', 300)]).end().messages)).toEqual(['‹ab›', '‹c›']);
  });

  test('does not affect other framings: the carry-over stays', () => {
    const stream = streamFor('line').push([readOf('a', 0)]);
    stream.stream.idle(100_000);
    expect(stream.stream.gapMs).toBeUndefined();
    expect(stream.stream.pending).toBe(1);
  });

  test('does not keep a message from being truncated at the limit', () => {
    const stream = streamFor('gap:50', { maxMessage: 3 })
      .push([readOf('abcdefg', 0), readOf('h', 60)])
      .end();
    expect(describeMessages(stream.messages)).toEqual(['‹abc› truncated', '‹def› truncated', '‹g›', '‹h›']);
  });
});
