import { useEffect, useMemo, useState } from 'react';
import type { CallOutput } from '#shared/contract/contract.ts';
import { maxPayloadBytes } from '#shared/contract/limits.ts';
import type { Failure } from '#shared/failure.ts';
import { decodeMessage } from '#shared/framing/list.ts';
import { escapingOf, type FramedRow } from '#shared/framing/unescape.ts';
import type { Row, SocketInfo } from '#shared/record/record.ts';
import type { Selection } from '../../state/selection.ts';
import { useServices } from '../../state/services.ts';
import { countText } from '../../ui/text.ts';
import { strings } from './strings.ts';

type Read = CallOutput<'sessions.reads'>['reads'][number];

/** The part of a message that one read returned. */
export interface ReadPart {
  /** Offset in the message, and number of bytes. */
  readonly from: number;
  readonly length: number;
  /** Offset in the read. */
  readonly start: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Bytes of the whole read: more than `length` if it also returned bytes of other messages. */
  readonly whole: number;
}

/** Returns the parts of a message that `reads` returned, in order, without bytes of other messages. */
export function readParts({ offset, length }: Pick<Row, 'offset' | 'length'>, reads: readonly Read[]): ReadPart[] {
  const parts: ReadPart[] = [];
  for (const read of reads) {
    const from = Math.max(read.offset, offset);
    const to = Math.min(read.offset + read.length, offset + length);
    if (to > from)
      parts.push({
        from: from - offset,
        length: to - from,
        start: from - read.offset,
        at: read.at,
        whole: read.length,
      });
  }
  return parts;
}

/** Maximum number of sizes listed. */
const maxSizes = 6;

/** Describes the reads of a message: `received in 3 recv() calls: 1 448 + 552 + 12 B`. */
export function readsText(parts: readonly ReadPart[]): string {
  const [first] = parts;
  if (!first) return '';
  if (parts.length === 1) {
    return first.whole > first.length ? strings.reads.oneShared(first.whole) : strings.reads.one;
  }
  const sizes = parts.slice(0, maxSizes).map(({ length }) => countText(length));
  if (parts.length > maxSizes) sizes.push('…');
  return strings.reads.several(parts.length, sizes.join(' + '));
}

const none: readonly ReadPart[] = [];

/** Returns the reads that returned a received message; none without framing, or while they are unknown. */
export function useReads(selection: Selection | undefined): readonly ReadPart[] {
  const { client } = useServices();
  const row = selection?.row;
  const isFramed = row?.kind === 'in' && row.length > 0 && selection?.info?.framing !== 'raw';
  const session = selection?.session ?? '';
  const { seq = -1, socket = 0, offset = 0, length = 0 } = row ?? {};
  const [known, setKnown] = useState<{ readonly key: string; readonly parts: readonly ReadPart[] }>();
  const key = `${session} ${seq}`;
  useEffect(() => {
    if (!isFramed) return;
    let stale = false;
    void client.call('sessions.reads', { session, socket, from: offset, to: offset + length }).then((answer) => {
      // A failure is ignored: the reads are additional information.
      if (!stale && answer.ok) setKnown({ key, parts: readParts({ offset, length }, answer.value.reads) });
    });
    return () => {
      stale = true;
    };
  }, [client, isFramed, session, socket, offset, length, key]);
  return useMemo(() => (isFramed && known?.key === key ? known.parts : none), [isFramed, known, key]);
}

/** The first bytes of a message, as far as they are fetched. */
interface LoadedPayload {
  readonly session: string;
  readonly seq: number;
  readonly bytes: Uint8Array;
  readonly total: number;
  readonly failure: Failure | undefined;
}

/** Fetches up to `limit` bytes of a message; `undefined` until they are fetched. A larger limit fetches only the additional bytes. */
export function usePayload(session: string, seq: number, limit: number): LoadedPayload | undefined {
  const { client } = useServices();
  const [loaded, setLoaded] = useState<LoadedPayload>();
  const own = loaded?.session === session && loaded.seq === seq ? loaded : undefined;
  const have = own?.bytes.length ?? 0;
  const wanted = own ? Math.min(limit, own.total) : limit;
  const failed = own?.failure !== undefined;

  useEffect(() => {
    if (limit === 0 || failed || (own && have >= wanted)) return;
    let stale = false;
    const length = Math.min(wanted - have, maxPayloadBytes);
    void client.call('sessions.payload', { session, seq, from: have, length }).then((result) => {
      if (stale) return;
      setLoaded((before) => {
        const known = before?.session === session && before.seq === seq ? before.bytes : new Uint8Array();
        if (!result.ok) return { session, seq, bytes: known, total: known.length, failure: result.error };
        const { bytes, total } = result.value;
        // An answer without bytes ends the loop, even if the total is larger.
        const full = bytes.length === 0 ? known.length : total;
        return { session, seq, bytes: concat(known, bytes), total: full, failure: undefined };
      });
    });
    return () => {
      stale = true;
    };
  }, [client, session, seq, have, wanted, own, failed, limit]);

  return own;
}

function concat(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second;
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}

/** How to decode a message whose framing escapes bytes. */
interface Unescape {
  /** Says beside the message that it was decoded. */
  readonly note: string;
  /** Decodes the message from its bytes on the wire. */
  readonly read: (bytes: Uint8Array) => Uint8Array;
}

/** Returns how to decode the body of a message; `undefined` if its framing escapes no bytes. */
export function unescapeOf(row: FramedRow, info: SocketInfo | undefined): Unescape | undefined {
  const spec = info && escapingOf(info.framing, row);
  if (!spec) return undefined;
  return {
    note: strings.textView.decoded(info.framing),
    read: (bytes) => decodeMessage(spec, bytes, row.head, row.tail),
  };
}
