import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { decodeCobs, encodeCobs } from '#shared/framing/kinds/cobs.ts';
import { CollectingStream } from '#support/framing.ts';
import { type Case, outsideData, type Suite } from '../suite.ts';

const vectorsSchema = z.object({
  encodings: z.array(z.object({ plain: z.string(), encoded: z.string() })),
  undecodable: z.array(z.string()),
});

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'hex'));

/** Whether the framing takes `encoded` as a message. */
function verdict(encoded: Uint8Array): 'accepted' | 'refused' {
  const { messages } = new CollectingStream({ kind: 'cobs' }).push([{ bytes: new Uint8Array([...encoded, 0]), at: 0 }]);
  return messages.some(({ flags }) => flags === 0) ? 'accepted' : 'refused';
}

/** The encodings of cobs-python, both ways. */
export const cobsVectors: Suite = {
  name: 'COBS vectors',
  proves: 'COBS encodes and decodes as another implementation does',
  async cases() {
    const folder = outsideData('cobs-vectors');
    if (folder === undefined) return undefined;
    const text = readFileSync(join(folder, 'cobs-vectors.json'), 'utf8');
    const { encodings, undecodable } = vectorsSchema.parse(JSON.parse(text));
    return [
      ...encodings.flatMap(({ plain, encoded }, index): Case[] => [
        // In a stream a zero ends each message; the vectors stand without it.
        { name: `encode ${index}`, right: `${encoded}00`, actual: hex(encodeCobs(bytes(plain))) },
        { name: `decode ${index}`, right: plain, actual: hex(decodeCobs(bytes(encoded))) },
      ]),
      ...undecodable.map((encoded) => ({
        name: `refuse ${encoded}`,
        right: 'refused',
        actual: verdict(bytes(encoded)),
      })),
    ];
  },
  differences: {
    'refuse 053132333400':
      'in a stream the first of the two zeros ends a valid message, and the second belongs to the next one',
  },
};
