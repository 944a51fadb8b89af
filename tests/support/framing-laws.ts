import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isUnframeable } from '#shared/framing/framing.ts';
import { createFramer, decodeMessage, encodeMessage, frameAround, needsBody } from '#shared/framing/spec.ts';
import { messageFlags } from '#shared/message/flags.ts';
import { CollectingStream, chunksOf, defaultLimit, type FramedMessage, type Read, wireOf } from './framing.ts';

import { type FramingCase, framingCases } from './framing-cases.ts';

export interface FramingLaw {
  readonly name: string;
  /** The law for one framing as a property; `undefined` where it does not hold, and is said not to. */
  property(framing: FramingCase): fc.IRawProperty<unknown> | undefined;
}

const places = fc.array(fc.nat(), { maxLength: 12 });
const knownFlags = messageFlags.truncated | messageFlags.incomplete | messageFlags.malformed | messageFlags.filler;
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');

/** Generates what a hostile or broken peer could send: words of the framing, whole messages, and any bytes. */
export function streamOf({ words, bodies, spec }: FramingCase): fc.Arbitrary<Uint8Array> {
  const whole = bodies.map((body) => {
    const encoded = encodeMessage(spec, body);
    return text(isUnframeable(encoded) ? body : encoded.bytes);
  });
  const anything = fc.integer({ min: 0, max: 255 }).map((byte) => String.fromCharCode(byte));
  const piece = fc.oneof(
    { weight: 6, arbitrary: words.length > 0 ? fc.constantFrom(...words) : anything },
    { weight: 3, arbitrary: anything },
    { weight: 1, arbitrary: whole },
  );
  return fc
    .array(piece, { maxLength: 50, size: 'max' })
    .map((pieces) => Uint8Array.from(Buffer.from(pieces.join(''), 'latin1')));
}

/** A stream as it was read: in pieces, some time apart. */
function readsOf(framingCase: FramingCase): fc.Arbitrary<Read[]> {
  return fc
    .tuple(streamOf(framingCase), places, fc.array(fc.nat(100), { maxLength: 13, size: 'max' }))
    .map(([bytes, at, waits]) => {
      let time = 0;
      return chunksOf(bytes, at).map((chunk, index) => {
        time += waits[index] ?? 0;
        return { bytes: chunk, at: time };
      });
    });
}

/** The same reads in smaller pieces; each at the time of the whole. */
function refine(reads: readonly Read[], at: readonly number[]): Read[] {
  return reads.flatMap((read) => chunksOf(read.bytes, at).map((bytes) => ({ bytes, at: read.at })));
}

function byteByByte(reads: readonly Read[]): Read[] {
  return reads.flatMap(({ bytes, at }) => Array.from(bytes, (byte) => ({ bytes: Uint8Array.of(byte), at })));
}

/** The same bytes in as few reads as there can be: one, where time does not matter. */
function whole({ spec }: FramingCase, reads: readonly Read[]): readonly Read[] {
  if (spec.kind === 'gap') return reads;
  return [{ bytes: Uint8Array.from(Buffer.concat(reads.map(({ bytes }) => bytes))), at: 0 }];
}

const joined = (messages: readonly FramedMessage[]) => messages.map(wireOf).join('');
const streamText = (reads: readonly Read[]) => reads.map(({ bytes }) => text(bytes)).join('');
const pieces = (messages: readonly FramedMessage[]) => messages.map((message) => [wireOf(message), message.flags]);
const isMalformed = (message: FramedMessage) => (message.flags & messageFlags.malformed) !== 0;

const sameMessages: FramingLaw = {
  name: 'however a stream is split into reads, the messages are the same',
  property(framingCase) {
    // Raw framing follows the reads: that is what it is for.
    if (framingCase.spec.kind === 'raw') return undefined;
    return fc.property(readsOf(framingCase), places, (reads, at) => {
      const expected = new CollectingStream(framingCase.spec).push(whole(framingCase, reads)).end();
      for (const other of [reads, refine(reads, at), byteByByte(reads)]) {
        assert.deepEqual(new CollectingStream(framingCase.spec).push(other).end().messages, expected.messages);
      }
    });
  },
};

const roundTrip: FramingLaw = {
  name: 'what is encoded is decoded to the same bodies',
  property({ spec, bodies, received = (body) => body }) {
    return fc.property(fc.array(bodies, { maxLength: 5 }), places, (sent, at) => {
      const reads = sent.map((body, index) => {
        const encoded = encodeMessage(spec, body);
        assert(!isUnframeable(encoded));
        const decoded = decodeMessage(spec, encoded.bytes, encoded.head, encoded.tail);
        if (spec.kind !== 'json') assert.equal(text(decoded), text(received(body)));
        return { bytes: encoded.bytes, at: index * 1_000 };
      });
      const stream = new CollectingStream(spec).push(spec.kind === 'raw' ? reads : refine(reads, at)).end();
      const messages = stream.messages.filter((message) => (message.flags & messageFlags.filler) === 0);
      assert.deepEqual(
        messages.map((message) => [
          text(decodeMessage(spec, Buffer.from(wireOf(message), 'latin1'), message.head.length, message.tail.length)),
          message.flags,
        ]),
        sent.map((body) => [text(received(body)), 0]),
      );
    });
  },
};

const streamedFrame: FramingLaw = {
  name: 'a body that is streamed gets the frame of one that is not',
  property({ spec, bodies }) {
    return fc.property(bodies, (body) => {
      const frame = frameAround(spec, body.length);
      const encoded = encodeMessage(spec, body);
      assert.equal(isUnframeable(frame), needsBody(spec));
      if (isUnframeable(frame) || isUnframeable(encoded)) return;
      const streamed = text(frame.head) + text(body) + text(frame.tail);
      // A JSON number gets the line feed that ends it only where its bytes are seen.
      assert.equal(streamed, spec.kind === 'json' ? text(body) : text(encoded.bytes));
    });
  },
};

const capped: FramingLaw = {
  name: 'never keeps more bytes than the limit, and the pieces are the same however the stream is split',
  property(framingCase) {
    return fc.property(readsOf(framingCase), places, fc.integer({ min: 1, max: 40 }), (reads, at, maxMessage) => {
      const run = (some: readonly Read[]) => new CollectingStream(framingCase.spec, { maxMessage }).push(some).end();
      const expected = run(whole(framingCase, reads));
      const others = [reads, refine(reads, at), byteByByte(reads)].map(run);
      for (const other of [expected, ...others]) {
        assert(other.mostHeld <= maxMessage);
        for (const message of other.messages) {
          assert(wireOf(message).length <= maxMessage);
          if (message.flags & messageFlags.truncated) assert.equal(wireOf(message).length, maxMessage);
        }
      }
      if (framingCase.spec.kind === 'raw') return;
      for (const other of others) assert.deepEqual(pieces(other.messages), pieces(expected.messages));
    });
  },
};

/** The kinds whose header says how long all of the message is, and where one that is too long looks like wrong bytes. */
const counted = ['length', 'octet', 'syslog', 'netstring', 'fix'];

const claims: FramingLaw = {
  name: 'a message that claims the cap is whole, and of one that claims more the header is malformed',
  property({ spec, bodies }) {
    if (!counted.includes(spec.kind)) return undefined;
    const some = bodies.filter((body) => body.length > 0);
    return fc.property(some, places, (body, at) => {
      const encoded = encodeMessage(spec, body);
      assert(!isUnframeable(encoded));
      const { bytes } = encoded;
      const reads = chunksOf(bytes, at).map((chunk) => ({ bytes: chunk, at: 0 }));
      const whole = new CollectingStream(spec, { maxMessage: bytes.length }).push(reads).end();
      assert.deepEqual(pieces(whole.messages), [[text(bytes), 0]]);
      const { messages, problems } = new CollectingStream(spec, { maxMessage: bytes.length - 1 }).push(reads).end();
      assert.equal(messages[0]?.flags, messageFlags.malformed);
      assert.equal(wireOf(messages[0]).length, encoded.head);
      assert.match(problems[0] ?? '', new RegExp(`claims ${bytes.length} bytes, .* ${bytes.length - 1} bytes`));
    });
  },
};

const tiles: FramingLaw = {
  name: 'for any bytes, nothing throws, every byte is in one message, and what is malformed says why',
  property(framingCase) {
    const { spec } = framingCase;
    return fc.property(readsOf(framingCase), places, (reads, at) => {
      const stream = new CollectingStream(spec);
      for (const read of refine(reads, at)) {
        const before = stream.messages.length;
        stream.push([read]);
        const problem = stream.messages.slice(before).some(isMalformed) ? stream.problems.at(-1) : '';
        assert.notEqual(problem, undefined);
        if (problem) assert.match(problem, /^[^\n]+[^.\n]$/);
      }
      stream.end();
      assert.equal(joined(stream.messages), streamText(reads));
      assert.equal(stream.problems.length > 0, stream.messages.some(isMalformed));
      for (const message of stream.messages) {
        assert.equal(message.flags & ~knownFlags, 0);
        decodeMessage(spec, Buffer.from(wireOf(message), 'latin1'), message.head.length, message.tail.length);
        decodeMessage(spec, Buffer.from(message.body, 'latin1'), 3, 200);
      }
    });
  },
};

const stops: FramingLaw = {
  name: 'a framing that stops gives the same messages up to the first malformed one, then reads as they come',
  property(framingCase) {
    return fc.property(readsOf(framingCase), (reads) => {
      const going = new CollectingStream(framingCase.spec).push(reads);
      const stopping = new CollectingStream(framingCase.spec, { badFrame: 'stop' }).push(reads);
      const first = going.messages.findIndex(isMalformed);
      assert.equal(stopping.stream.stopped, first >= 0);
      if (first >= 0) {
        assert.deepEqual(stopping.messages.slice(0, first + 1), going.messages.slice(0, first + 1));
        assert(stopping.messages.slice(first + 1).every((message) => message.flags === 0));
        assert.equal(stopping.stream.pending, 0);
        assert.equal(stopping.stream.problem, going.problems[0]);
      }
      assert.equal(joined(stopping.end().messages), streamText(reads));
    });
  },
};

const reframes: FramingLaw = {
  name: 'another framing at any point loses no byte, and re-frames the carry-over',
  property(framingCase) {
    const other = fc.constantFrom(...framingCases.map(({ spec }) => spec));
    const turns = fc.array(fc.tuple(fc.nat(40), other), { maxLength: 4 });
    return fc.property(readsOf(framingCase), turns, fc.boolean(), (reads, changes, stop) => {
      const stream = new CollectingStream(framingCase.spec, { badFrame: stop ? 'stop' : 'resynchronise' });
      const byte = byteByByte(reads);
      byte.forEach((read, index) => {
        stream.push([read]);
        for (const [at, spec] of changes) {
          if (at !== index) continue;
          stream.stream.reframe(createFramer(spec, defaultLimit));
          assert(spec.kind !== 'raw' || stream.stream.pending === 0);
        }
      });
      assert.equal(joined(stream.end().messages), streamText(reads));
    });
  },
};

export const framingLaws: readonly FramingLaw[] = [
  sameMessages,
  roundTrip,
  streamedFrame,
  capped,
  claims,
  tiles,
  stops,
  reframes,
];
