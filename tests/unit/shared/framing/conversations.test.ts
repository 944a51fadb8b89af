import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { guessFraming } from '#shared/framing/guess.ts';
import { protocols } from '#shared/framing/protocols.ts';
import { formatFraming, parseFraming } from '#shared/framing/spec.ts';
import { messageFlags } from '#shared/message/flags.ts';
import { recordedConversation, recordedConversations } from '#support/conversations.ts';
import { chunksOf, frameStream } from '#support/framing.ts';

const folder = new URL('../../../fixtures/conversations/', import.meta.url);

describe('a conversation of real programs', () => {
  test('is in the table below for each that is recorded', () => {
    const names = readdirSync(folder).flatMap((file) => (file.endsWith('.json') ? [file.replace('.json', '')] : []));
    expect(recordedConversations.map(([name]) => name).sort()).toEqual(names.sort());
  });

  const sides = recordedConversations.flatMap(([name, protocol, client, server]) => [
    { name, protocol, side: 'client' as const, messages: client },
    { name, protocol, side: 'server' as const, messages: server },
  ]);

  test.each(sides)(
    '$name: the $side’s bytes are $messages messages of $protocol',
    ({ name, protocol, side, messages }) => {
      const spec = parseFraming(protocol);
      if (!spec) throw new Error(protocol);
      const bytes = recordedConversation(name)[side];
      const { messages: framed, problems } = frameStream(spec, chunksOf(bytes, [1, 7, 50, 51, 300]));
      expect(problems).toEqual([]);
      // A heartbeat of STOMP after the last message is filler.
      const flags = framed.map(({ flags }) => flags).filter((flag) => flag !== messageFlags.filler);
      expect(flags).toEqual(Array(messages).fill(0));
    },
  );

  const speaking = sides.filter(({ messages }) => messages > 0);

  test.each(speaking)('$name: the framing of the $side’s bytes is guessed', (flow) => {
    const spec = parseFraming(flow.protocol);
    const [best] = guessFraming(recordedConversation(flow.name)[flow.side]);
    expect(best).toMatchObject({
      framing: spec && formatFraming(spec),
      messages: flow.messages,
      malformed: 0,
      unfinished: 0,
    });
    const isProtocol = protocols.some(({ name }) => name === flow.protocol);
    expect(best?.protocols).toEqual(isProtocol ? expect.arrayContaining([flow.protocol]) : []);
  });

  test.each(speaking)('$name: neither SCPI nor RESP is offered for the $side’s bytes of another protocol', (flow) => {
    const spelled = guessFraming(recordedConversation(flow.name)[flow.side]).map(({ framing }) => framing);
    const own = parseFraming(flow.protocol);
    const other = ['scpi', 'resp'].filter((kind) => kind !== own?.kind);
    expect(spelled.filter((framing) => other.includes(framing))).toEqual([]);
  });
});

test.each([100, 1_000, 5_000, 70_000])('no framing is offered for %i random bytes', (size) => {
  let state = size;
  for (let stream = 0; stream < 25; stream += 1) {
    const bytes = Uint8Array.from({ length: size }, () => {
      // Marsaglia's xorshift, so that each run has the same bytes.
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      return state & 0xff;
    });
    expect(guessFraming(bytes)).toEqual([]);
  }
});
