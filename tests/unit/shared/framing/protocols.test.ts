import { describe, expect, test } from 'vitest';
import { createFramer, encodeMessage, frameAround, needsBody, parseFraming } from '#shared/framing/spec.ts';
import { Boundaries } from '#shared/message/boundaries.ts';
import { messagesIn, problemsIn } from '#support/framing.ts';

/** The messages, which are the same whether the bytes arrive in one read or one by one. */
function expectMessages(spelling: string, wire: string, messages: readonly string[]): void {
  expect(messagesIn(spelling, wire)).toEqual(messages);
  expect(messagesIn(spelling, Array.from(wire))).toEqual(messages);
}

const latin1 = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'));

function sent(spelling: string, body: string): unknown {
  const spec = parseFraming(spelling);
  if (!spec) throw new Error(`${spelling} is not a framing`);
  const encoded = encodeMessage(spec, latin1(body));
  if ('problem' in encoded) return encoded.problem;
  return [Buffer.from(encoded.bytes).toString('latin1'), encoded.head, encoded.tail];
}

describe('MLLP', () => {
  test('has messages between VT and FS CR', () => {
    expectMessages('mllp', '\x0bMSH|\rPID\x1c\r\x0b\x1c\r', ['\x0b‹MSH|\rPID›\x1c\r', '\x0b‹›\x1c\r']);
    expectMessages('mllp', '\x0bMSH', ['\x0b‹MSH› incomplete']);
  });

  test.each([
    ['x\x0ba\x1c\r', ['‹x› malformed', '\x0b‹a›\x1c\r'], 'bytes outside a block'],
    ['\x0ba\x0bb\x1c\r', ['\x0b‹a› malformed', '\x0b‹b›\x1c\r'], 'a block begins before the previous one has ended'],
    ['\x0ba\x1cb\x1c\r', ['\x0b‹a\x1cb›\x1c\r malformed'], 'the byte 1c precedes 62'],
    ['\x0ba\x1c\x1c\r', ['\x0b‹a\x1c›\x1c\r malformed'], 'the byte 1c precedes 1c'],
  ])('of %j continues at the next VT', (wire, messages, problem) => {
    expectMessages('mllp', wire, messages);
    expect(problemsIn('mllp', wire)).toEqual([problem]);
  });

  test('cannot send its control bytes', () => {
    expect(sent('mllp', 'a')).toEqual(['\x0ba\x1c\r', 1, 2]);
    expect(sent('mllp', 'a\x1cb')).toBe('an MLLP message cannot contain the bytes 0b and 1c');
  });
});

describe('XMPP', () => {
  test('has the tags of the stream and each stanza as messages', () => {
    expectMessages(
      'xmpp',
      "<?xml version='1.0'?><stream:stream to='a/>'> <message><body>x</body></message><iq/>\n</stream:stream>",
      [
        "‹<?xml version='1.0'?><stream:stream to='a/>'>›",
        ' ‹<message><body>x</body></message>›',
        '‹<iq/>›',
        '\n‹</stream:stream>›',
      ],
    );
  });

  test('has another stream after the first, as after STARTTLS', () => {
    expectMessages('xmpp', '<stream:stream><proceed/><stream:stream><stream:features/>', [
      '‹<stream:stream>›',
      '‹<proceed/>›',
      '‹<stream:stream>›',
      '‹<stream:features/>›',
    ]);
  });

  test('looks into no text, value or CDATA', () => {
    expectMessages('xmpp', '<a b="</a>" >]]><![CDATA[</a>]]]]></a><b/>', [
      '‹<a b="› malformed',
      '‹</a>› malformed',
      '‹" >]]>› malformed',
      '‹<![CDATA[› malformed',
      '‹</a>› malformed',
      '‹]]]]>› malformed',
      '‹</a>› malformed',
      '‹<b/>›',
    ]);
    expectMessages('xmpp', '<a b="/>" ><![CDATA[</a>]]]]></a><b/>', ['‹<a b="/>" ><![CDATA[</a>]]]]></a>›', '‹<b/>›']);
  });

  test.each([
    ['<!-- -->', 'the byte 21 is invalid after “<”'],
    ['<a><?x ?></a>', 'the byte 3f is invalid after “<”'],
    ['</a>', 'an end tag is outside a stanza'],
    ['x<a/>', 'the byte 78 is outside a stanza'],
    ['<a <b/>', 'unexpected “<” in a tag'],
  ])('forbids %j', (wire, problem) => {
    expect(problemsIn('xmpp', wire)).toEqual([problem]);
  });

  test('keeps white space that no stanza follows as filler', () => {
    expectMessages('xmpp', '<a/> \n', ['‹<a/>›', '‹ \n› filler']);
  });
});

describe('RESP', () => {
  test.each([
    '+OK\r\n',
    '$5\r\na\r\nb\n\r\n',
    '$-1\r\n',
    '*-1\r\n',
    '*0\r\n',
    '*2\r\n$3\r\nGET\r\n$1\r\na\r\n',
    '*2\r\n*1\r\n:1\r\n*0\r\n',
    '%1\r\n+a\r\n*1\r\n_\r\n',
    '>2\r\n+message\r\n#t\r\n',
    '|1\r\n+ttl\r\n:1\r\n*2\r\n:1\r\n:2\r\n',
    '*?\r\n:1\r\n*2\r\n:2\r\n:3\r\n.\r\n',
    '$?\r\n;4\r\nab\r\n\r\n;0\r\n',
    'PING\r\n',
  ])('takes %j for one message', (wire) => {
    expectMessages('resp', `${wire}+next\r\n`, [`‹${wire}›`, '‹+next\r\n›']);
    expectMessages('resp', wire.slice(0, -1), [`‹${wire.slice(0, -1)}› incomplete`]);
  });

  test.each([
    ['$x\r\n+OK\r\n', ['‹$x\r\n› malformed', '‹+OK\r\n›'], 'a length is not a number'],
    ['$\r\n+OK\r\n', ['‹$\r\n› malformed', '‹+OK\r\n›'], 'a length is not a number'],
    ['*-2\r\n', ['‹*-2\r\n› malformed'], 'a length is not a number'],
    ['$1\r\nab\r\n+OK\r\n', ['‹$1\r\nab\r\n› malformed', '‹+OK\r\n›'], 'no line end follows a string'],
    ['*2\r\n:1\r\nGET\r\n', ['‹*2\r\n:1\r\nGET\r\n› malformed'], 'the byte 47 does not begin a value'],
    ['.\r\n', ['‹.\r\n› malformed'], 'the byte 2e does not begin a value'],
    [';1\r\n', ['‹;1\r\n› malformed'], 'the byte 3b does not begin a value'],
    ['\0\n', ['‹\0\n› malformed'], 'the byte 00 does not begin a value'],
    ['*?\r\n'.repeat(33), [`‹${'*?\r\n'.repeat(33)}› malformed`], 'a streamed value is not allowed here'],
  ])('of %j continues after the line', (wire, messages, problem) => {
    expectMessages('resp', wire, messages);
    expect(problemsIn('resp', wire)).toEqual([problem]);
  });

  test('gets the line end that it lacks when it is sent', () => {
    expect(sent('resp', 'PING')).toEqual(['PING\r\n', 0, 0]);
    expect(sent('resp', '+OK')).toEqual(['+OK\r\n', 0, 0]);
    expect(sent('resp', '$2\r\nhi\r\n')).toEqual(['$2\r\nhi\r\n', 0, 0]);
  });
});

describe('SCPI', () => {
  test.each([
    ['*IDN?\nVOLT 1\r\n', ['‹*IDN?›\n', '‹VOLT 1›\r\n']],
    ['DATA #13a\nb,#210\n\n\n\n\n\n\n\n\n\n,1\n', ['‹DATA #13a\nb,#210\n\n\n\n\n\n\n\n\n\n,1›\n']],
    ['#10\n', ['‹#10›\n']],
    ['#0abc\nx\n', ['‹#0abc›\n', '‹x›\n']],
    ['DISP "#19"\n1,#H1F\na#19\n', ['‹DISP "#19"›\n', '‹1,#H1F›\n', '‹a#19›\n']],
    [':X "a\nb"\n:Y\n', ['‹:X "a\nb"›\n', '‹:Y›\n']],
    [":X 'it''s\n''',1\n:Y\n", ["‹:X 'it''s\n''',1›\n", '‹:Y›\n']],
    // An apostrophe inside of a word begins no string.
    ["it's\n1\n", ["‹it's›\n", '‹1›\n']],
    ['"open\n1\n', ['‹"open\n1\n› incomplete']],
    [`"a\n${'b'.repeat(1_023)}"\n1\n`, [`‹"a\n${'b'.repeat(1_023)}"›\n`, '‹1›\n']],
    ['#15ab', ['‹#15ab› incomplete']],
  ])('of %j', (wire, messages) => expectMessages('scpi', wire, messages));

  test('marks a line whose block has no length', () => {
    expectMessages('scpi', 'A #2x1\nB\n', ['‹A #2x1›\n malformed', '‹B›\n']);
    expect(problemsIn('scpi', 'A #2x1\nB\n')).toEqual(['the length of a block is not a number']);
  });

  test.each(['b'.repeat(1_024), `b${'b\n'.repeat(512)}`])(
    'marks a string that does not end, up to its line end',
    (rest) => {
      const wire = `"a\n${rest}${rest.endsWith('\n') ? '' : 'c\n'}`;
      expectMessages('scpi', `${wire}*IDN?\n`, [`‹${wire.slice(0, -1)}›\n malformed`, '‹*IDN?›\n']);
      expect(problemsIn('scpi', wire)).toEqual(['a string does not end within 1024 bytes after its first line feed']);
    },
  );

  test('gets a line feed, also after a block that ends with one', () => {
    expect(sent('scpi', '*IDN?')).toEqual(['*IDN?\n', 0, 1]);
    expect(sent('scpi', '*IDN?\r\n')).toEqual(['*IDN?\r\n', 0, 2]);
    expect(sent('scpi', '#11\n')).toEqual(['#11\n\n', 0, 1]);
  });
});

describe('STOMP', () => {
  test.each([
    ['SEND\na:b\n\nbody\0\n\nACK\n\n\0', ['‹SEND\na:b\n\nbody›\0', '\n\n‹ACK\n\n›\0']],
    ['SEND\r\ncontent-length:3\r\n\r\na\0b\0', ['‹SEND\r\ncontent-length:3\r\n\r\na\0b›\0']],
    ['SEND\ncontent-length:1\ncontent-length:9\n\na\0', ['‹SEND\ncontent-length:1\ncontent-length:9\n\na›\0']],
    ['\n', ['‹\n› filler']],
    ['SEND\n\nab', ['‹SEND\n\nab› incomplete']],
  ])('of %j', (wire, messages) => expectMessages('stomp', wire, messages));

  test.each([
    ['send\n\n\0A\n\n\0', ['‹send\n\n›\0 malformed', '‹A\n\n›\0'], 'the byte 73 is invalid in a command'],
    ['A\nb\n\n\0', ['‹A\nb\n\n›\0 malformed'], 'a header line has no colon'],
    ['A\nb:\0', ['‹A\nb:›\0 malformed'], 'a header line contains a NUL'],
    ['A\ncontent-length:x\n\n\0', ['‹A\ncontent-length:x\n\n›\0 malformed'], 'the content-length is not a number'],
    [
      'A\ncontent-length:1\n\nab\0',
      ['‹A\ncontent-length:1\n\nab›\0 malformed'],
      'no NUL follows the body of the given content-length',
    ],
    [
      `A\na:${'b'.repeat(65_536)}\0`,
      [`‹A\na:${'b'.repeat(65_536)}›\0 malformed`],
      'a header is longer than 65536 bytes',
    ],
  ])('continues after the next NUL: %j', (wire, messages, problem) => {
    expectMessages('stomp', wire, messages);
    expect(problemsIn('stomp', wire)).toEqual([problem]);
  });

  test('gets a NUL when it is sent, unless it ends with its own', () => {
    expect(sent('stomp', 'ACK\n\n')).toEqual(['ACK\n\n\0', 0, 1]);
    expect(sent('stomp', 'ACK\n\n\0')).toEqual(['ACK\n\n\0', 0, 1]);
    expect(sent('stomp', 'A\ncontent-length:1\n\n\0')).toEqual(['A\ncontent-length:1\n\n\0\0', 0, 1]);
  });
});

describe('FIX', () => {
  const heartbeat = '8=FIX.4.2\x019=5\x0135=0\x0110=161\x01';

  test('has messages that say their length and sum', () => {
    expectMessages('fix', heartbeat.repeat(2), Array(2).fill('8=FIX.4.2\x019=5\x01‹35=0\x01›10=161\x01'));
    expectMessages('fix', heartbeat.slice(0, 18), ['8=FIX.4.2\x019=5\x01‹35=0› incomplete']);
  });

  test.each([
    [heartbeat.replace('161', '162'), 'CheckSum (10) is 162, the sum of the bytes is 161'],
    [heartbeat.replace('9=5', '9=4'), 'CheckSum (10) is not at the offset that BodyLength (9) gives'],
    [heartbeat.replace('9=5', '9=x'), 'BodyLength (9) is not a number above 0'],
    [heartbeat.replace('9=5', '9=0'), 'BodyLength (9) is not a number above 0'],
    [heartbeat.replace('9=5\x01', ''), 'BodyLength (9) does not follow BeginString (8)'],
    [heartbeat.replace('8=FIX.4.2', '8=FIX.4.2 and so on'), 'BeginString (8) has no end'],
    [heartbeat.replace('161', '16'), 'CheckSum (10) is not three digits'],
    ['x', 'bytes that do not begin with 8=FIX'],
  ])('is wrong in %j', (wire, problem) => {
    expect(problemsIn('fix', wire)).toEqual([problem]);
  });

  test('continues at the next 8 after an SOH', () => {
    const wrong = heartbeat.replace('9=5', '9=4');
    expectMessages('fix', wrong + heartbeat, [`‹${wrong}› malformed`, '8=FIX.4.2\x019=5\x01‹35=0\x01›10=161\x01']);
  });

  test('gets BeginString, BodyLength and CheckSum when it is sent, unless it has them', () => {
    expect(sent('fix:FIX.4.2', '35=0\x01')).toEqual([heartbeat, 14, 7]);
    expect(sent('fix', heartbeat)).toEqual([heartbeat, 14, 7]);
    expect(sent('fix', '35=0')).toBe('the last field of a FIX message must end with SOH (01)');
    expect(needsBody({ kind: 'fix' })).toBe(true);
    expect(frameAround({ kind: 'fix' }, 4)).toEqual({
      problem: 'the framing “fix” depends on every byte of a message, so it cannot be sent directly from a file',
    });
  });
});

describe('PostgreSQL', () => {
  const startup = '\0\0\0\x0c\0\x03\0\0ab\0\0';
  const tlsRequest = '\0\0\0\x08\x04\xd2\x16\x2f';

  test('has messages without a type where a client begins, then typed ones', () => {
    expectMessages('postgres', `${tlsRequest}${startup}Q\0\0\0\x06a\0`, [
      `‹${tlsRequest}›`,
      `‹${startup}›`,
      '‹Q\0\0\0\x06a\0›',
    ]);
  });

  test('has an answer of one byte before the first message of a server', () => {
    expectMessages('postgres', 'NR\0\0\0\x08\0\0\0\0', ['‹N›', '‹R\0\0\0\x08\0\0\0\0›']);
    expectMessages('postgres', 'N\0\0\0\x05\0', ['‹N\0\0\0\x05\0›']);
  });

  test('has that answer immediately where the request was seen', () => {
    const framer = createFramer({ kind: 'postgres' }, 100);
    const boundaries = new Boundaries();
    framer.sent?.(latin1(tlsRequest));
    framer.push(latin1('S'), boundaries, 0);
    expect([boundaries.count, boundaries.ends[0]]).toEqual([1, 1]);
    framer.push(latin1('S\0\0\0\x05\0'), boundaries, 0);
    expect([boundaries.count, boundaries.ends[1]]).toEqual([2, 6]);
  });

  test.each([
    ['\x01\x02Q\0\0\0\x05\0', ['‹\x01\x02› malformed', '‹Q\0\0\0\x05\0›'], 'the byte 01 is not a message type'],
    ['Q\0\0\0\x03Z\0\0\0\x04', ['‹Q\0\0\0\x03› malformed', '‹Z\0\0\0\x04›'], 'the length 3 is not 4 to 1073741823'],
    [
      'Q\xff\xff\xff\xff',
      ['‹Q\xff\xff\xff\xff› malformed'],
      'a message claims 4294967296 bytes, more than the limit of 1048576 bytes (maxMessage)',
    ],
  ])('continues at the next byte that can be a type: %j', (wire, messages, problem) => {
    expectMessages('postgres', wire, messages);
    expect(problemsIn('postgres', wire)).toEqual([problem]);
  });
});
