import { encodeUtf8 } from '#shared/bytes/text.ts';
import type { Failure } from '#shared/failure.ts';
import { kindCodes } from '#shared/record/record.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import { BlockPool, type FillingBlock } from '../format/filling-block.ts';
import type { OutgoingBlock } from '../format/outgoing-block.ts';
import { recordsBlock } from '../format/records-block.ts';
import type { LogFile } from './log-file.ts';

/** The number of replacement records in one block. */
const blockRecords = 8_192;

/**
 * Appends to `file` replacements for the lost records up to the one before number `next`; the first says how many are lost. They
 * have the time `at`, milliseconds since the epoch: that of the record before them, since times never decrease.
 */
export function fillLost(file: LogFile, next: number, at: number): Failure | undefined {
  const lost = next - file.next;
  if (lost === 0) return undefined;
  const most = Math.min(lost, blockRecords);
  const pool = new BlockPool(most, most * lostRecord.length + spareBytes);
  let first = lostText(`${lost} records were lost, this one included: ${why}`);
  while (file.next < next) {
    const count = Math.min(most, next - file.next);
    const failure = file.append([lostBlock(pool.take(file.next, at, 0), at, count, first)]);
    if (failure) return failure;
    first = lostRecord;
  }
  return undefined;
}

/** Fills `block` with `count` replacement records; `firstText` is the text of the first one. */
function lostBlock(block: FillingBlock, at: number, count: number, firstText: Uint8Array): OutgoingBlock {
  const { offsets, times, sockets, lengths, kinds, flags, heads, tails, payload } = block.columns;
  for (let index = 0; index < count; index += 1) {
    const text = index === 0 ? firstText : lostRecord;
    offsets[index] = 0;
    times[index] = block.delta(at);
    sockets[index] = 0;
    lengths[index] = text.length;
    kinds[index] = kindCodes.limited;
    flags[index] = 0;
    heads[index] = 0;
    tails[index] = 0;
    payload.set(text, block.used);
    block.used += text.length;
  }
  block.count = count;
  return recordsBlock(block.filled());
}

function lostText(text: string): Uint8Array {
  const event: SocketEvent = { kind: 'limited', limit: 'sessionFile', text };
  return encodeUtf8(JSON.stringify(event));
}

const why = 'another program changed the session file';
const lostRecord = lostText('a lost record');
/** How much longer the text of the first replacement record may be than that of the others. */
const spareBytes = 256;
