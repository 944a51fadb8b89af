import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { computeChecksum } from '#shared/bytes/checksums/algorithm.ts';
import { findChecksum } from '#shared/bytes/checksums/catalogue.ts';
import { type CrcRow, crcTable } from '#shared/bytes/checksums/crc-table.ts';
import { type Case, outsideData, type Suite } from '../suite.ts';

const catalogueSchema = z.object({
  algorithms: z.array(
    z.object({
      name: z.string(),
      width: z.int(),
      poly: z.string(),
      init: z.string(),
      refin: z.boolean(),
      refout: z.boolean(),
      xorout: z.string(),
      check: z.string(),
    }),
  ),
});
type Entry = z.infer<typeof catalogueSchema>['algorithms'][number];

const data = new TextEncoder().encode('123456789');

function entryText({ width, poly, init, refin, refout, xorout, check }: Omit<Entry, 'name'>): string {
  const numbers = [poly, init, xorout, check].map((number) => BigInt(number).toString(16));
  return [width, refin, refout, ...numbers].join(' ');
}

function rowText([, width, poly, init, reflected, xorOut, check]: CrcRow): string {
  const numbers = { poly: `0x${poly}`, init: `0x${init}`, xorout: `0x${xorOut}`, check: `0x${check}` };
  const refin = reflected === 'both' || reflected === 'in';
  return entryText({ width, refin, refout: reflected === 'both' || reflected === 'out', ...numbers });
}

function checkOf(name: string): string {
  const algorithm = findChecksum(name);
  if (!algorithm) return 'unknown';
  return BigInt(`0x${Buffer.from(computeChecksum(algorithm, data)).toString('hex')}`).toString(16);
}

/** The CRC RevEng catalogue: each algorithm's parameters and its check value. */
export const crcCatalogue: Suite = {
  name: 'CRC catalogue',
  proves: 'every CRC has the parameters and the check value of the catalogue',
  async cases() {
    const folder = outsideData('crc-catalogue');
    if (folder === undefined) return undefined;
    const text = readFileSync(join(folder, 'crc-catalogue.json'), 'utf8');
    const { algorithms } = catalogueSchema.parse(JSON.parse(text));
    const rows = new Map(crcTable.map((row) => [row[0], rowText(row)]));
    return [
      { name: 'algorithms', right: String(algorithms.length), actual: String(crcTable.length) },
      ...algorithms.flatMap((entry): Case[] => [
        { name: `${entry.name} parameters`, right: entryText(entry), actual: rows.get(entry.name) ?? 'missing' },
        { name: `${entry.name} check`, right: BigInt(entry.check).toString(16), actual: checkOf(entry.name) },
      ]),
    ];
  },
};
