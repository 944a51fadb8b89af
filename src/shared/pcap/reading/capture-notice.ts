import type { CaptureFlows } from './capture-flows.ts';
import type { CaptureEnd } from './packet.ts';

/** Kinds of packets that are named; there may be thousands in a forged file. */
const maxNamed = 12;

type Counts = Pick<
  CaptureFlows,
  'leftOut' | 'notUnderstood' | 'latePackets' | 'lateBytes' | 'earlyBytes' | 'incompletePackets'
>;

/** Returns in sentences what of a capture with `packets` readable packets could not be imported; empty where all was. */
export function captureNotice(end: CaptureEnd, flows: Counts, untoldNotes: number, packets: number): string {
  const { cut, damaged, dropped, untimed } = end;
  const sentences: string[] = [];
  if (cut !== '')
    sentences.push(
      `The capture ends early: ${cut}. ${packets === 0 ? 'No packet is before that' : 'All packets before are imported'}.`,
    );
  if (flows.leftOut.size > 0) sentences.push(`Not imported, as they hold no TCP or UDP: ${named(flows.leftOut)}.`);
  if (flows.notUnderstood.size > 0) sentences.push(`Not understood, so not imported: ${named(flows.notUnderstood)}.`);
  const told: readonly [number, string][] = [
    [damaged, 'packets have a damaged block and were passed over'],
    [flows.incompletePackets, 'fragmented IP packets are incomplete and were passed over'],
    [flows.latePackets, 'packets came after the end of their connection and were passed over'],
    [flows.lateBytes, 'bytes came behind the end of their stream and were passed over'],
    [flows.earlyBytes, 'bytes came after the first ones of their stream, belong before them and were passed over'],
    [untimed, 'packets have no time in the capture: they are given that of the packet before'],
    [dropped, 'packets were dropped by the capturing system'],
    [untoldNotes, 'comments have no room'],
  ];
  for (const [count, words] of told) if (count > 0) sentences.push(`${count} ${words}.`);
  return sentences.join(' ');
}

function named(counts: ReadonlyMap<string, number>): string {
  const sorted = [...counts].sort(([, one], [, other]) => other - one);
  const words = sorted.slice(0, maxNamed).map(([what, count]) => `${count} ${what}`);
  const rest = sorted.slice(maxNamed).reduce((sum, [, count]) => sum + count, 0);
  if (rest > 0) words.push(`${rest} others`);
  return words.join(', ');
}
