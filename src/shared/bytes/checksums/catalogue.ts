import { md5, sha1 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import type { ChecksumAlgorithm, RunningChecksum } from './algorithm.ts';
import { crcFactory } from './crc.ts';
import { type CrcRow, crcTable } from './crc-table.ts';
import { createAsciiLrc, createFletcher32, createSum, createTwoSums, createXor, unpairedDigit } from './sums.ts';

/** Names by which many know an algorithm. They are aliases in the CRC RevEng catalogue. */
const crcAliases: Readonly<Record<string, readonly string[]>> = {
  'CRC-8/MAXIM-DOW': ['CRC-8/MAXIM', 'DOW-CRC'],
  'CRC-8/SMBUS': ['CRC-8'],
  'CRC-10/ATM': ['CRC-10'],
  'CRC-15/CAN': ['CRC-15'],
  'CRC-16/ARC': ['CRC-16', 'ARC'],
  'CRC-16/IBM-3740': ['CRC-16/CCITT-FALSE', 'CRC-16/AUTOSAR'],
  'CRC-16/IBM-SDLC': ['X-25', 'CRC-16/X-25', 'CRC-16/ISO-HDLC', 'CRC-B'],
  'CRC-16/KERMIT': ['KERMIT', 'CRC-16/CCITT', 'CRC-CCITT'],
  'CRC-16/MODBUS': ['MODBUS'],
  'CRC-16/XMODEM': ['XMODEM', 'ZMODEM', 'CRC-16/ACORN'],
  'CRC-24/OPENPGP': ['CRC-24'],
  'CRC-32/BZIP2': ['CRC-32/AAL5', 'B-CRC-32'],
  'CRC-32/CKSUM': ['CKSUM', 'CRC-32/POSIX'],
  'CRC-32/ISCSI': ['CRC-32C', 'CRC-32/CASTAGNOLI'],
  'CRC-32/ISO-HDLC': ['CRC-32', 'CRC-32/V-42', 'PKZIP'],
  'CRC-32/JAMCRC': ['JAMCRC'],
  'CRC-64/ECMA-182': ['CRC-64'],
  'CRC-64/XZ': ['CRC-64/GO-ECMA'],
};

type Optional = Partial<Pick<ChecksumAlgorithm, 'aliases' | 'form' | 'mark' | 'starts' | 'refused'>>;

const usual = { aliases: [], form: 'bytes', mark: '', starts: '' } as const;

function crc(row: CrcRow): ChecksumAlgorithm {
  const [name, bits, poly] = row;
  const label = `CRC of ${bits} bits, polynomial 0x${poly}`;
  return { ...usual, name, aliases: crcAliases[name] ?? [], group: 'CRC', label, bits, create: crcFactory(row) };
}

function sum(
  name: string,
  bits: number,
  label: string,
  create: () => RunningChecksum,
  optional: Optional = {},
): ChecksumAlgorithm {
  return { ...usual, name, group: 'sum', bits, label, create, ...optional };
}

interface Hash {
  update(bytes: Uint8Array): unknown;
  digestInto(into: Uint8Array): void;
}

/** Writing ends a digest, so each message has its own. */
function digest(name: string, bits: number, label: string, aliases: string[], hash: () => Hash): ChecksumAlgorithm {
  const create = (): RunningChecksum => {
    let current = hash();
    return {
      reset: () => {
        current = hash();
      },
      update: (bytes, from, to) => {
        current.update(bytes.subarray(from, to));
      },
      write: (into, at) => current.digestInto(into.subarray(at, at + bits / 8)),
    };
  };
  return { ...usual, name, group: 'digest', bits, label, aliases, create };
}

const sums: readonly ChecksumAlgorithm[] = [
  sum('XOR', 8, 'exclusive or of all bytes', createXor, { aliases: ['XOR-8', 'XOR8', 'BCC'] }),
  sum('SUM-8', 8, 'sum of all bytes', () => createSum(1, false), { aliases: ['SUM8'] }),
  sum('SUM-16', 16, 'sum of all bytes', () => createSum(2, false), { aliases: ['SUM16'] }),
  sum('SUM-32', 32, 'sum of all bytes', () => createSum(4, false), { aliases: ['SUM32'] }),
  sum('LRC', 8, 'two’s complement of SUM-8', () => createSum(1, true), { aliases: ['SUM-8/NEGATED'] }),
  sum('SUM-16/NEGATED', 16, 'two’s complement of SUM-16', () => createSum(2, true)),
  sum('SUM-32/NEGATED', 32, 'two’s complement of SUM-32', () => createSum(4, true)),
  sum('LRC/ASCII', 8, 'LRC of Modbus ASCII: of the bytes that hex digits describe, after `:`', createAsciiLrc, {
    aliases: ['LRC-ASCII'],
    form: 'HEX',
    starts: ':',
    refused: unpairedDigit,
  }),
  sum('NMEA', 8, 'XOR of NMEA 0183: of the characters after `$` or `!`, with `*` before it', createXor, {
    aliases: ['NMEA-0183'],
    form: 'HEX',
    starts: '$!',
    mark: '*',
  }),
  sum('FLETCHER-16', 16, 'two sums of bytes, modulo 255', () => createTwoSums(0, 255, 1), { aliases: ['FLETCHER16'] }),
  sum('FLETCHER-32', 32, 'two sums of 16-bit little-endian words, modulo 65535', createFletcher32, {
    aliases: ['FLETCHER32'],
  }),
  sum('ADLER-32', 32, 'two sums of bytes, modulo 65521 (RFC 1950)', () => createTwoSums(1, 65_521, 2), {
    aliases: ['ADLER32'],
  }),
];

const digests: readonly ChecksumAlgorithm[] = [
  digest('MD5', 128, 'digest of RFC 1321', ['MD-5'], () => md5.create()),
  digest('SHA-1', 160, 'digest of FIPS 180-4', ['SHA1'], () => sha1.create()),
  digest('SHA-256', 256, 'digest of FIPS 180-4', ['SHA256'], () => sha256.create()),
];

/** Every checksum, in the order of menus and tables. */
export const checksums: readonly ChecksumAlgorithm[] = [...sums, ...digests, ...crcTable.map(crc)];

/** Maximum number of bytes of a checksum. */
export const maxChecksumSize = 32;

let byName: ReadonlyMap<string, ChecksumAlgorithm> | undefined;

/** Returns the checksum with this name or alias, in any case; `undefined` without one. */
export function findChecksum(name: string): ChecksumAlgorithm | undefined {
  byName ??= new Map(
    checksums.flatMap((one) => [one.name, ...one.aliases].map((word) => [word.toUpperCase(), one] as const)),
  );
  return byName.get(name.toUpperCase());
}
