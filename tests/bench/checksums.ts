// `node tests/bench/checksums.ts`: the speed of checksums, against the CRC-32 of zlib over the same bytes.
import { crc32 } from 'node:zlib';
import { checksumSize } from '#shared/bytes/checksums/algorithm.ts';
import { findChecksum } from '#shared/bytes/checksums/catalogue.ts';
import { appendChecksum, checkChecksum, parseChecksumSpec } from '#shared/bytes/checksums/spec.ts';
import { median, report, reportFigure } from './statistics.ts';

const names = ['CRC-32/ISO-HDLC', 'CRC-16/MODBUS', 'CRC-16/XMODEM', 'CRC-64/XZ', 'CRC-82/DARC', 'ADLER-32', 'SHA-256'];
const chunk = Buffer.from(Array.from({ length: 65_536 }, (_, index) => (index * index * 31) % 251));
/** How often the chunk is covered in one measurement. */
const turns = 200;
const messages = 200_000;

/** The speed of each checksum on chunks of 64 KiB, and of checks of short messages. */
export function benchChecksums(rounds: number): void {
  const plain: number[] = [];
  const ours = new Map(names.map((name) => [name, [] as number[]]));
  const checks: number[] = [];
  for (let round = -1; round < rounds; round += 1) {
    const plainSpeed = speedOf(() => crc32(chunk));
    const speeds = names.map((name) => [name, speedOf(covering(name))] as const);
    const checked = checksPerSecond();
    // The first round compiles.
    if (round < 0) continue;
    plain.push(plainSpeed);
    checks.push(checked / 1_000_000);
    for (const [name, speed] of speeds) ours.get(name)?.push(speed);
  }
  for (const [name, speeds] of ours) {
    const ratios = speeds.map((speed, round) => speed / (plain[round] as number));
    report(`checksum ${name} ÷ zlib.crc32`, ratios, `${median(speeds).toFixed(0)} of ${median(plain).toFixed(0)} MB/s`);
  }
  reportFigure('checked CRC-16/MODBUS of messages of 32 bytes, millions a second', checks);
}

function covering(name: string): () => void {
  const algorithm = findChecksum(name);
  if (!algorithm) throw new Error(`${name} is not a checksum`);
  const running = algorithm.create();
  const into = new Uint8Array(checksumSize(algorithm));
  return () => {
    running.reset();
    running.update(chunk, 0, chunk.length);
    running.write(into, 0);
  };
}

/** MB a second. */
function speedOf(cover: () => void): number {
  const startedAt = performance.now();
  for (let turn = 0; turn < turns; turn += 1) cover();
  return (chunk.length * turns) / 1_000 / (performance.now() - startedAt);
}

function checksPerSecond(): number {
  const spec = parseChecksumSpec('crc-16/modbus:le');
  const message = spec.ok ? appendChecksum(chunk.subarray(0, 30), spec.value) : spec;
  if (!spec.ok || !message.ok) throw new Error('no message for the bench');
  const startedAt = performance.now();
  for (let count = 0; count < messages; count += 1) {
    if (checkChecksum(message.value, spec.value) !== 'ok') throw new Error('the checksum is wrong');
  }
  return (messages * 1_000) / (performance.now() - startedAt);
}

if (import.meta.main) benchChecksums(7);
