import fc from 'fast-check';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
import { parseFraming } from '#shared/framing/spec.ts';
import type { SessionContent } from './imports.ts';
import { recordWire, streamRecords, type Wire, type WireStep } from './recorded-streams.ts';
import { recordSession } from './session-script.ts';

/** The framing of that spelling. */
export const spec = (spelling: string): FramingSpec => {
  const framing = parseFraming(spelling);
  if (!framing) throw new Error(`${spelling} is not a framing`);
  return framing;
};
/** Framings that a stream may be recorded with. */
export const streams = fc.constantFrom('raw', 'line', 'json', 'delim:7d0a').map(spec);
/** The streams of the sessions recorded here. */
export const keys = ['1 in', '1 out', '2 in', '2 out'];

/** Records a session of `steps`; gives the bytes of each of its streams. */
export function recordedWire(path: string, steps: readonly WireStep[], framing: FramingSpec, end = true): Wire {
  return recordSession(path, (recorder) => recordWire(recorder, steps, framing), end).value;
}

export const wholeOf = (wire: Wire, key: string) => Buffer.concat((wire.get(key) ?? []).map(({ bytes }) => bytes));
export const bytesOf = (result: SessionContent, key: string) =>
  Buffer.concat(streamRecords(result.records, key).map(({ bytes }) => bytes));

/** The messages of a stream as `frameStream` gives them. */
export function messagesOf(result: SessionContent, key: string) {
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');
  return result.rows.flatMap(({ kind, socket, seq, length, head, tail, flags }) => {
    if (`${socket} ${kind}` !== key) return [];
    const bytes = result.records[seq]?.bytes ?? new Uint8Array(0);
    const body = text(bytes.subarray(head, length - tail));
    return [{ head: text(bytes.subarray(0, head)), body, tail: text(bytes.subarray(length - tail)), flags }];
  });
}
