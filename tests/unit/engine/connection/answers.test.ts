import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ConnectionMachine } from '#engine/connection/machine.ts';
import type { MachineEvent } from '#engine/connection/step.ts';
import { defaultServer } from '#shared/endpoint/endpoint-config.ts';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
import { type BadFrame, parseFraming } from '#shared/framing/spec.ts';
import { messageFlags } from '#shared/message/flags.ts';
import { type Action, respond } from '#shared/rules/actions/catalogue.ts';
import { cases } from '#support/cases.ts';
import { serverLimits } from '#support/config.ts';
import { chunksOf } from '#support/framing.ts';
import { framingCases } from '#support/framing-cases.ts';
import { streamOf } from '#support/framing-laws.ts';
import { MemoryLog, type MemoryRecord } from '#support/memory-log.ts';

interface Conversation {
  readonly spec: FramingSpec;
  readonly behaviour: Action;
  readonly badFrame: BadFrame;
  readonly maxMessage: number;
}

/** What a server sends to a peer that sends `chunks`, and what it records of those. */
function converse({ spec, behaviour, badFrame, maxMessage }: Conversation, chunks: readonly Uint8Array[]) {
  const config = { ...defaultServer, framing: spec, badFrame, limits: { ...serverLimits, maxMessage } };
  const peer = { host: '::1', port: 1, family: 6 } as const;
  const machine = new ConnectionMachine({ config, messageOriented: false, responds: true, peer });
  const log = new MemoryLog();
  const sent: Uint8Array[] = [];
  const say = (event: MachineEvent) => {
    for (const command of machine.step(event, 0)) {
      if (command.kind === 'record-received') {
        const { carryOver, chunk, boundaries } = command.batch;
        log.messages(1, 'in', 0, carryOver, chunk, boundaries);
      }
      if (command.kind !== 'respond') continue;
      for (const answer of respond([behaviour], command.batch, { kind: 'raw' })) {
        assert(answer.kind === 'send');
        for (let batch = answer.batches.next(); batch; batch = answer.batches.next()) sent.push(batch.bytes);
      }
    }
  };
  say({ kind: 'handshake-done' });
  for (const bytes of chunks) say({ kind: 'read', bytes, flags: 0 });
  say({ kind: 'peer-fin' });
  return { sent: Buffer.concat(sent).toString('latin1'), records: log.records };
}

const noMessage = messageFlags.filler | messageFlags.malformed | messageFlags.incomplete;

/** The records that are complete messages, or pieces of one: where the framing stops, those before that. */
function framedRecords(records: readonly MemoryRecord[], { spec, badFrame }: Conversation): readonly MemoryRecord[] {
  const stop = records.findIndex(({ flags }) => (flags & messageFlags.malformed) !== 0);
  const framed = badFrame === 'stop' && stop >= 0 && spec.kind !== 'raw' ? records.slice(0, stop) : records;
  return framed.filter(({ flags }) => (flags & noMessage) === 0);
}

describe('whatever comes, a server answers each complete message once and nothing else, and echoes just those', () => {
  test.each(framingCases)('$name', async (framingCase) => {
    const places = fc.array(fc.nat(), { maxLength: 12 });
    const badFrames = fc.constantFrom('stop' as const, 'resynchronise' as const);
    const limits = fc.constantFrom(40, 1_048_576);
    const law = fc.property(streamOf(framingCase), places, badFrames, limits, (bytes, at, badFrame, maxMessage) => {
      const chunks = chunksOf(bytes, at);
      const options = { spec: framingCase.spec, badFrame, maxMessage };
      const replying = { ...options, behaviour: { kind: 'reply', text: 'x' } } as const;
      const replied = converse(replying, chunks);
      const whole = framedRecords(replied.records, replying).filter(
        ({ flags }) => (flags & messageFlags.truncated) === 0,
      );
      assert.equal(replied.sent, 'x'.repeat(whole.length));
      const echoing = { ...options, behaviour: { kind: 'echo' } } as const;
      const echoed = converse(echoing, chunks);
      const expected = framedRecords(echoed.records, echoing).map((record) => record.bytes.toString('latin1'));
      assert.equal(echoed.sent, expected.join(''));
      if (framingCase.spec.kind === 'raw') assert.equal(echoed.sent, Buffer.from(bytes).toString('latin1'));
    });
    await fc.assert(law, cases(30));
  });
});

test.each([
  ['octet', '<13>no count\n5 <1>ab', 1, '<1>ab'],
  ['len:2be:startaa55', 'junk\xaa\x55\0\x01a', 1, '\xaa\x55\0\x01a'],
  ['json', '{"a":1}\nnonsense\n{"b":2}\n[3]', 3, '{"a":1}{"b":2}\n[3]'],
  ['line', '\nabc\nunfinished', 2, '\nabc\n'],
])('%s: of %j only messages are answered', (spelling, wire, answers, echo) => {
  const spec = parseFraming(spelling);
  assert(spec);
  const bytes = [Buffer.from(wire, 'latin1')];
  const options = { spec, badFrame: 'resynchronise', maxMessage: 1_000 } as const;
  expect(converse({ ...options, behaviour: { kind: 'reply', text: 'x' } }, bytes).sent).toBe('x'.repeat(answers));
  expect(converse({ ...options, behaviour: { kind: 'echo' } }, bytes).sent).toBe(echo);
});
