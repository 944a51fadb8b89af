import { useMemo } from 'react';
import { noLimit } from '#shared/framing/claim.ts';
import { createFramer } from '#shared/framing/list.ts';
import { parseFraming } from '#shared/framing/spec.ts';
import { Boundaries } from '#shared/message/boundaries.ts';
import { messageFlags } from '#shared/message/flags.ts';
import type { Selection } from '../../client/selection-store.ts';
import { usePayload } from './use-payload.ts';

/** Maximum size of a header that contains a length. */
const headerBytes = 65_536;

/** Returns the length that an incomplete message announces, framing included; 0 if it announces none or is complete. */
export function useWholeLength({ session, row, info }: Selection): number {
  const isIncomplete = (row.flags & messageFlags.incomplete) !== 0;
  const payload = usePayload(session, row.seq, isIncomplete ? headerBytes : 0);
  const framing = info?.framing;
  const { length } = row;
  return useMemo(
    () => (isIncomplete && payload && framing !== undefined ? wholeLength(framing, payload.bytes, length) : 0),
    [isIncomplete, payload, framing, length],
  );
}

function wholeLength(framing: string, bytes: Uint8Array, length: number): number {
  const spec = parseFraming(framing);
  if (!spec || bytes.length === 0) return 0;
  const framer = createFramer(spec, noLimit);
  const boundaries = new Boundaries();
  framer.push(bytes, boundaries, 0);
  // A boundary within the message means that it was recorded with another framing.
  if (boundaries.count > 0) return 0;
  const { claim } = framer;
  const whole = claim === undefined || claim.atLeast ? 0 : bytes.length + claim.missing;
  return whole > length ? whole : 0;
}
