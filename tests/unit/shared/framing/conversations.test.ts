import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { guessFraming } from '#shared/framing/guess.ts';
import { formatFraming, parseFraming } from '#shared/framing/spec.ts';
import { recordedConversation } from '#support/conversations.ts';
import { chunksOf, cutStream } from '#support/framing.ts';

/** Each recorded conversation with its protocol, and how many messages each side sends. */
const recorded = [
  ['dns', 'dns', 3, 3],
  ['hl7', 'hl7', 3, 3],
  ['http', 'http', 3, 3],
  ['http2', 'http2', 10, 6],
  ['lsp', 'lsp', 6, 3],
  ['modbus', 'modbus', 6, 6],
  ['mqtt', 'mqtt', 6, 5],
  ['mysql', 'mysql', 9, 22],
  ['postgres', 'postgres', 4, 25],
  ['postgres-plain', 'postgres', 3, 24],
  ['redis', 'redis', 4, 4],
  ['redis-inline', 'redis', 4, 4],
  ['smtp', 'smtp', 9, 9],
  ['syslog', 'syslog', 8, 0],
  ['tls', 'tls', 5, 11],
  ['xmpp', 'xmpp', 8, 10],
] as const;

const folder = new URL('../../../fixtures/conversations/', import.meta.url);

describe('a conversation of real programs', () => {
  test('is in the table below for each that is recorded', () => {
    const names = readdirSync(folder).flatMap((file) => (file.endsWith('.json') ? [file.replace('.json', '')] : []));
    expect(recorded.map(([name]) => name).sort()).toEqual(names.sort());
  });

  const sides = recorded.flatMap(([name, protocol, client, server]) => [
    { name, protocol, side: 'client' as const, messages: client },
    { name, protocol, side: 'server' as const, messages: server },
  ]);

  test.each(sides)(
    '$name: the $side’s bytes are $messages messages of $protocol',
    ({ name, protocol, side, messages }) => {
      const spec = parseFraming(protocol);
      if (!spec) throw new Error(protocol);
      const bytes = recordedConversation(name)[side];
      const { cuts, problems } = cutStream(spec, chunksOf(bytes, [1, 7, 50, 51, 300]));
      expect(problems).toEqual([]);
      expect(cuts.map(({ flags }) => flags).filter((flags) => flags !== 0)).toEqual([]);
      expect(cuts.length).toBe(messages);
    },
  );

  // Inline commands are lines of text, and nothing but the answers to them says of which protocol.
  const telling = sides.filter(
    ({ name, side, messages }) => messages > 0 && (name !== 'redis-inline' || side === 'server'),
  );

  test.each(telling)('$name: the framing of the $side’s bytes is guessed', (flow) => {
    const spec = parseFraming(flow.protocol);
    const [best] = guessFraming(recordedConversation(flow.name)[flow.side]);
    expect(best).toMatchObject({
      framing: spec && formatFraming(spec),
      messages: flow.messages,
      malformed: 0,
      unfinished: 0,
    });
    expect(best?.protocols).toContain(flow.protocol);
  });
});
