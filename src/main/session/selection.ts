import type { Result } from '#shared/contract/failure.ts';
import type { Scope } from '#shared/contract/models.ts';
import { kindCodes } from '#shared/record/record.ts';
import type { BlockIndex } from './block-index.ts';
import { type DecodedBlock, readBlock } from './decoded-block.ts';

/** The chosen records of one block. */
export interface SelectedRecords {
  readonly block: DecodedBlock;
  /** Their places in the block, ascending; `undefined` where all are chosen. */
  readonly records: Uint32Array | undefined;
}

/** Which records of a session are meant. */
export interface Selection {
  /** True where nothing is left out. */
  readonly all: boolean;
  /** The chosen records of `block`; `undefined` where all are. */
  of(block: DecodedBlock): Uint32Array | undefined;
}

/** What `scope` means for the session of `index`. Fails as `bad-input` where its filter is none. */
export function selectionOf(_index: BlockIndex, scope: Scope): Result<Selection> {
  const { sockets, direction } = scope;
  if (sockets === undefined && direction === undefined) {
    return { ok: true, value: { all: true, of: () => undefined } };
  }
  const wanted = sockets && new Set(sockets);
  const code = direction && kindCodes[direction];
  const of = ({ count, columns }: DecodedBlock): Uint32Array => {
    const records = new Uint32Array(count);
    let chosen = 0;
    for (let at = 0; at < count; at += 1) {
      if (wanted && !wanted.has(columns.sockets[at] as number)) continue;
      if (code !== undefined && columns.kinds[at] !== code) continue;
      records[chosen] = at;
      chosen += 1;
    }
    return records.subarray(0, chosen);
  };
  return { ok: true, value: { all: false, of } };
}

/**
 * The blocks that `index` has now, one after the other, with what `selection` chooses in them; blocks with nothing chosen
 * are left out. Ends early at a block that does not check: it has cut the index then.
 */
export function* selectedRecords(index: BlockIndex, selection: Selection): Generator<SelectedRecords> {
  const blocks = index.count;
  for (let at = 0; at < blocks; at += 1) {
    const block = readBlock(index, at);
    if (block === undefined) return;
    const records = selection.of(block);
    if (records?.length !== 0) yield { block, records };
  }
}
