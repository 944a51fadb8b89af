import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageFlags } from '#shared/message/flags.ts';
import { readDocument } from '#shared/payload/document-text.ts';
import { listProblems } from '#shared/payload/list-problems.ts';
import { CollectingStream } from '#support/framing.ts';
import { type Case, outsideData, type Suite } from '../suite.ts';

function verdict(bytes: Uint8Array): 'accepted' | 'refused' {
  const read = readDocument('json', bytes);
  if (!read.ok) return 'refused';
  return listProblems('json', read.value).some(({ severity }) => severity === 'error') ? 'refused' : 'accepted';
}

/** The messages that the framing makes of `bytes`, which come in reads of `size` bytes: their flags. */
function framed(bytes: Uint8Array, size: number): string {
  const stream = new CollectingStream({ kind: 'json' });
  for (let at = 0; at < bytes.length; at += size) stream.push([{ bytes: bytes.subarray(at, at + size), at: 0 }]);
  const messages = stream.end().messages.filter(({ flags }) => (flags & messageFlags.filler) === 0);
  return messages.map(({ flags }) => (flags === 0 ? 'whole' : `flags ${flags}`)).join(', ');
}

const readSizes = [1, 2, 3, 7, Number.MAX_SAFE_INTEGER];

/** JSONTestSuite: what a parser must accept (y), must refuse (n), and may do as it likes (i). */
export const jsonParsing: Suite = {
  name: 'JSONTestSuite',
  proves: 'JSON is accepted and refused by RFC 8259, and framed as one message',
  async cases() {
    const folder = outsideData('JSONTestSuite');
    if (folder === undefined) return undefined;
    const parsing = join(folder, 'test_parsing');
    return readdirSync(parsing).flatMap((name): Case[] => {
      const bytes = new Uint8Array(readFileSync(join(parsing, name)));
      if (name.startsWith('n_')) return [{ name, right: 'refused', actual: verdict(bytes) }];
      if (!name.startsWith('y_')) return [];
      return [
        { name, right: 'accepted', actual: verdict(bytes) },
        ...readSizes.map((size) => ({
          name: `${name} in reads of ${size}`,
          right: 'whole',
          actual: framed(bytes, size),
        })),
      ];
    });
  },
};
