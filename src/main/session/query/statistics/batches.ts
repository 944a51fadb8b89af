import { bodyRange } from '#shared/export/record-format.ts';
import { fail, type Result } from '#shared/failure.ts';
import { maxTreeBytes } from '#shared/filter/tree-test.ts';
import { blockHeaderSize, type RecordColumns, recordColumnsSize, viewColumns } from '#shared/record/block.ts';
import { keyReader, parseTreePath } from '#shared/statistics/path-keys.ts';
import type { ReplyPairs } from '#shared/statistics/reply-times.ts';
import type { Pairing } from '#shared/statistics/statistics.ts';
import { type BlockIndex, checksumProblem, lengthsProblem } from '../../format/block-index.ts';
import { type DecodedBlock, readBlock } from '../../format/decoded-block.ts';
import type { Selection } from '../filter/filter-text.ts';

/** The maximum number of records counted between two places to pause: a millisecond or two. */
export const batchRecords = 16_384;
/** The same if each record's bytes are parsed. */
const parsedRecords = 2_048;

/** Records of one block to count. */
export interface Batch {
  /** The number of the block's first record. */
  readonly first: number;
  readonly baseTime: number;
  readonly columns: RecordColumns;
  /** The selected records' places in the block; `undefined` for all. */
  readonly records: Uint32Array | undefined;
  /** `[from, to)` of `records`, or of the block if that is `undefined`. */
  readonly from: number;
  readonly to: number;
  /** The block with its bytes, if they were requested. */
  readonly block: DecodedBlock | undefined;
  /** The position of the block in the file. */
  readonly position: number;
}

/**
 * Yields what `selection` selects in the first `blocks` blocks of `index`, in pieces. Reads only the columns unless the bytes
 * are needed. Also yields pieces without records, as places to pause. Ends early at a damaged block, which truncates the
 * index.
 */
export function* batchesOf(
  index: BlockIndex,
  blocks: number,
  selection: Selection,
  withBytes: boolean,
): Generator<Batch> {
  for (let at = 0; at < Math.min(blocks, index.count); at += 1) {
    const position = index.positions[at] as number;
    if (selection.all && !withBytes) {
      const part = readColumns(index, at);
      if (part === undefined) return;
      yield* pieces({ ...part, records: undefined, block: undefined, position }, part.columns.capacity, batchRecords);
    } else {
      const block = readBlock(index, at);
      if (block === undefined) return;
      const records = selection.of(block);
      const { first, baseTime, columns } = block;
      const size = withBytes ? parsedRecords : batchRecords;
      yield* pieces({ first, baseTime, columns, records, block, position }, records?.length ?? block.count, size);
    }
  }
}

function* pieces(whole: Omit<Batch, 'from' | 'to'>, count: number, size: number): Generator<Batch> {
  let from = 0;
  do {
    const to = Math.min(count, from + size);
    yield { ...whole, from, to };
    from = to;
  } while (from < count);
}

/** Returns the columns of block `at`, checked as `readBlock` checks it. */
function readColumns(
  index: BlockIndex,
  at: number,
): { first: number; baseTime: number; columns: RecordColumns } | undefined {
  if (!index.check(at)) {
    index.truncateAt(at, checksumProblem);
    return undefined;
  }
  const { first, baseTime, count, payloadLength } = index.headerOf(at);
  const body = index.file.read((index.positions[at] as number) + blockHeaderSize, count * recordColumnsSize);
  const columns = viewColumns(body.buffer, count, 0);
  let bytes = 0;
  for (let record = 0; record < count; record += 1) bytes += columns.lengths[record] as number;
  if (bytes === payloadLength) return { first, baseTime, columns };
  index.truncateAt(at, lengthsProblem);
  return undefined;
}

/** Returns the value at the path in a record, which pairs a reply with its request. */
export type RecordKey = (batch: Batch, record: number, isRequest: boolean) => string | undefined;

/** How replies are paired, and how to read a record's key (`undefined` for pairing in order). */
export interface Pairs {
  readonly pairs: ReplyPairs;
  readonly key: RecordKey | undefined;
}

/** Returns a function that reads the keys of `pairing`. Fails with `bad-input` for an invalid path. */
export function recordKeyOf({ request, reply }: Extract<Pairing, { kind: 'path' }>): Result<RecordKey> {
  const requestPath = parseTreePath(request);
  if (typeof requestPath === 'string') return noPath('request', request, requestPath);
  const replyPath = parseTreePath(reply);
  if (typeof replyPath === 'string') return noPath('reply', reply, replyPath);
  const ofRequest = keyReader(requestPath);
  const ofReply = keyReader(replyPath);
  const value: RecordKey = ({ block, columns }, record, isRequest) => {
    if (block === undefined) throw new Error('keys are read from blocks with their bytes');
    const { from, to } = bodyRange({
      length: columns.lengths[record] as number,
      head: columns.heads[record] as number,
      tail: columns.tails[record] as number,
    });
    const read = isRequest ? ofRequest : ofReply;
    return to - from > maxTreeBytes ? undefined : read(block.bytes(record, from, to));
  };
  return { ok: true, value };
}

function noPath(side: string, text: string, why: string): ReturnType<typeof fail> {
  const hint = 'Write a path as in a filter: json.id, json.items[0].id, xml.order.@id.';
  return fail('bad-input', `Could not pair by “${text}”, an invalid path for the ${side}`, { system: why, hint });
}
