import type { CaptureFlows } from './capture-flows.ts';
import type { CaptureEnd } from './packet.ts';

/** Maximum number of kinds of packets that are named; a forged file may have thousands. */
const maxNamed = 12;

type Counts = Pick<
  CaptureFlows,
  'leftOut' | 'notUnderstood' | 'latePackets' | 'lateBytes' | 'earlyBytes' | 'incompletePackets'
>;

/** Returns in sentences what of a capture with `packets` readable packets was not imported; empty if all was. */
export function captureNotice(end: CaptureEnd, flows: Counts, omittedNotes: number, packets: number): string {
  const { truncated, damaged, dropped, untimed } = end;
  const sentences: string[] = [];
  if (truncated !== '')
    sentences.push(
      `The capture ends early: ${truncated}. ${packets === 0 ? 'No packets precede that place' : 'All packets before that place are imported'}.`,
    );
  if (flows.leftOut.size > 0) sentences.push(`Not imported, without TCP or UDP: ${named(flows.leftOut)}.`);
  if (flows.notUnderstood.size > 0) sentences.push(`Not imported, not understood: ${named(flows.notUnderstood)}.`);
  const counted: readonly [number, string][] = [
    [damaged, 'packets in damaged blocks were skipped'],
    [flows.incompletePackets, 'incomplete fragmented IP packets were skipped'],
    [flows.latePackets, 'packets after the end of their connection were skipped'],
    [flows.lateBytes, 'bytes after the end of their stream were skipped'],
    [flows.earlyBytes, 'bytes from before the first captured byte of their stream were skipped'],
    [untimed, 'packets without a time have the time of the previous packet'],
    [dropped, 'packets were dropped by the capturing system'],
    [omittedNotes, 'comments were omitted'],
  ];
  for (const [count, words] of counted) if (count > 0) sentences.push(`${count} ${words}.`);
  return sentences.join(' ');
}

function named(counts: ReadonlyMap<string, number>): string {
  const sorted = [...counts].sort(([, one], [, other]) => other - one);
  const words = sorted.slice(0, maxNamed).map(([what, count]) => `${count} ${what}`);
  const rest = sorted.slice(maxNamed).reduce((sum, [, count]) => sum + count, 0);
  if (rest > 0) words.push(`${rest} others`);
  return words.join(', ');
}
