import { useEffect, useState } from 'react';
import type { Client } from '#shared/contract/client.ts';
import { type Failure, ok, type Result } from '#shared/failure.ts';
import { type ReadPart, tilingReads } from '#shared/framing/stream-parts.ts';
import type { Row } from '#shared/record/record.ts';
import { useServices } from '../../state/services.ts';

/** One direction of one socket, and the record from which its window is chosen. */
export interface Flow {
  readonly session: string;
  readonly socket: number;
  readonly direction: 'in' | 'out';
  readonly seq: number;
}

/** A window of a flow. */
export interface FlowWindow {
  readonly bytes: Uint8Array;
  /** The reads of a received flow, or the writes of a sent one: they tile the window. */
  readonly reads: readonly ReadPart[];
  /** Offset of the window's first byte in its stream. */
  readonly start: number;
  /** Offset of the selected record in the window, and the number of its bytes. */
  readonly at: number;
}

/** The size of a window: what a person can look over. */
export const windowBytes = 16_384;
const windowRecords = 100;

/** Fetches the window around a record; `undefined` until it is fetched. */
export function useFlowWindow({ session, socket, direction, seq }: Flow): Result<FlowWindow> | undefined {
  const { client } = useServices();
  const [known, setKnown] = useState<Result<FlowWindow>>();
  useEffect(() => {
    let isStale = false;
    void fetchWindow(client, { session, socket, direction, seq }).then((fetched) => {
      if (!isStale) setKnown(fetched);
    });
    return () => {
      isStale = true;
    };
  }, [client, session, socket, direction, seq]);
  return known;
}

async function fetchWindow(client: Client, flow: Flow): Promise<Result<FlowWindow>> {
  const { session, socket, direction, seq } = flow;
  const query = await client.call('sessions.query', { session, filter: `socket == ${socket} && ${direction}` });
  if (!query.ok) return query;
  const { id } = query.value;
  try {
    const located = await client.call('sessions.locate', { session, query: id, seq });
    if (!located.ok) return located;
    const index = located.value.found?.index ?? 0;
    const first = Math.max(0, index - windowRecords / 2);
    const page = await client.call('sessions.window', { session, query: id, first, count: windowRecords });
    if (!page.ok) return page;
    return await windowOf(client, flow, around(page.value.rows, seq));
  } finally {
    void client.call('sessions.endQuery', { session, query: id });
  }
}

/** Returns the records around `seq` whose bytes fit into a window, without a gap between them. */
export function around(rows: readonly Row[], seq: number): readonly Row[] {
  const middle = Math.max(
    0,
    rows.findIndex((row) => row.seq >= seq),
  );
  const chosen = rows.slice(middle, middle + 1);
  let size = chosen[0]?.length ?? 0;
  const fits = (row: Row | undefined): row is Row => row !== undefined && size + row.length <= windowBytes;
  for (let step = 1; step < rows.length; step += 1) {
    const before = rows[middle - step];
    const [head] = chosen;
    if (fits(before) && head && before.offset + before.length === head.offset) {
      chosen.unshift(before);
      size += before.length;
    }
    const after = rows[middle + step];
    const tail = chosen.at(-1);
    if (fits(after) && tail && tail.offset + tail.length === after.offset) {
      chosen.push(after);
      size += after.length;
    }
  }
  return chosen;
}

async function windowOf(
  client: Client,
  { session, socket, direction, seq }: Flow,
  rows: readonly Row[],
): Promise<Result<FlowWindow>> {
  const start = rows[0]?.offset ?? 0;
  const last = rows.at(-1);
  const length = Math.min(windowBytes, last ? last.offset + last.length - start : 0);
  const bytes = new Uint8Array(length);
  const parts = await Promise.all(
    rows.map((row) =>
      client.call('sessions.payload', { session, seq: row.seq, from: 0, length: Math.min(row.length, windowBytes) }),
    ),
  );
  let failure: Failure | undefined;
  parts.forEach((part, index) => {
    const from = (rows[index]?.offset ?? start) - start;
    if (part.ok) bytes.set(part.value.bytes.subarray(0, Math.max(0, length - from)), from);
    else failure ??= part.error;
  });
  if (failure) return { ok: false, error: failure };
  const asked = { session, socket, from: start, to: start + length };
  const answer = direction === 'in' && length > 0 ? await client.call('sessions.reads', asked) : undefined;
  const known = answer?.ok && answer.value.reads.length > 0 ? answer.value.reads : rows;
  const at = (rows.find((row) => row.seq === seq)?.offset ?? start) - start;
  return ok({ bytes, reads: tilingReads(known, start, length), start, at });
}
