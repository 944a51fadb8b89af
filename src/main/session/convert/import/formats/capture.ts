import { type CapturedPacket, type CaptureEnd, captureKind, readPcap } from '#shared/pcap/reading/capture-file.ts';
import { CaptureFlows } from '#shared/pcap/reading/capture-flows.ts';
import { readPcapng } from '#shared/pcap/reading/pcapng.ts';
import { type Mark, maxNoteLength } from '#shared/record/record.ts';
import type { Importing, ImportReader, ImportSource, SessionTarget } from '../importing.ts';

/** Packets between two looks at the clock. */
const stepPackets = 256;
/** The maximum number of notes, which comments become. */
const maxNotes = 100_000;
/** What a session's export writes at a packet whose record has a bookmark. */
const bookmark = 'bookmarked';

/** Records what a capture holds: sockets, messages, lifecycle, notes; at its end, what of it could not be taken. */
function* importCapture(
  packets: ReturnType<typeof readPcap | typeof readPcapng>,
  { reader, size: total, notice: known }: ImportSource,
  target: SessionTarget,
): Importing {
  const { recorder } = target;
  const notes = new Notes(target);
  const flows = new CaptureFlows(recorder, (ticket, seq) => notes.recorded(ticket, seq));
  let lastAt = 0;
  let count = 0;
  for (let step = packets.next(); ; step = packets.next()) {
    if (step.done) {
      flows.end();
      notes.finish(recorder.next);
      const notice = [known, captureNotice(step.value, flows, notes.untold, count)].filter(Boolean).join(' ');
      // Of no socket: it is about the capture.
      if (notice !== '') recorder.event(0, lastAt, { kind: 'problem', text: notice });
      return { sockets: flows.sockets, notice };
    }
    const packet = step.value;
    lastAt = packet.at;
    if (packet.comments.length > 0) notes.wait(packet, flows.taken);
    flows.take(packet);
    if (notes.waiting) notes.settle(flows.taken);
    count += 1;
    if (count % stepPackets === 0) yield { done: reader.position, total };
  }
}

/**
 * Comments on their way to the record that their packet makes, or to the next one where it makes none. Until that record
 * has its number, it is known by its ticket.
 */
class Notes {
  waiting = false;
  /** Comments for which there was no room. */
  untold = 0;
  readonly #target: SessionTarget;
  /** Notes at records that have no number yet. */
  readonly #placed = new Map<number, Omit<Mark, 'seq'>>();
  #comments: string[] = [];
  /** UTF-16 units of the note that they make. */
  #length = 0;
  #bookmarked = false;
  #ticket = 0;
  /** The number of the record with that ticket, once it has one. */
  #seq: number | undefined;
  #count = 0;

  constructor(target: SessionTarget) {
    this.#target = target;
  }

  /** Takes the comments of a packet; the next record has the ticket `next`. */
  wait({ comments, writer }: CapturedPacket, next: number): void {
    if (this.#count >= maxNotes) {
      this.untold += comments.length;
      return;
    }
    if (!this.waiting) this.#ticket = next;
    this.waiting = true;
    for (const comment of comments) {
      if (comment === bookmark && writer.includes('Wirebench')) this.#bookmarked = true;
      else this.#add(comment);
    }
  }

  /** Keeps of `comment` what a note has room for: of packets that make no record there may be any number. */
  #add(comment: string): void {
    const room = maxNoteLength - this.#length;
    if (comment.length > room) this.untold += 1;
    if (room <= 0) return;
    this.#comments.push(comment.slice(0, room));
    this.#length += Math.min(comment.length, room) + 1;
  }

  /** Leaves what waits at its record, if that is taken: the next one has the ticket `next`. */
  settle(next: number): void {
    if (!this.waiting || next <= this.#ticket) return;
    if (this.#seq !== undefined) this.#leave(this.#seq);
    else this.#placed.set(this.#ticket, this.#take());
  }

  /** The record with this ticket has the number `seq`. */
  recorded(ticket: number, seq: number): void {
    if (this.waiting && ticket === this.#ticket) this.#seq = seq;
    if (this.#placed.size === 0) return;
    const note = this.#placed.get(ticket);
    if (note === undefined) return;
    this.#placed.delete(ticket);
    this.#target.mark({ seq, ...note });
  }

  /** Nothing follows, and there are `records`: what still waits goes to the last one. */
  finish(records: number): void {
    if (this.waiting && records > 0) this.#leave(this.#seq ?? records - 1);
    else this.untold += this.#comments.length;
  }

  #leave(seq: number): void {
    this.#target.mark({ seq, ...this.#take() });
  }

  #take(): Omit<Mark, 'seq'> {
    const taken = { bookmarked: this.#bookmarked, note: this.#comments.join('\n') };
    this.waiting = false;
    this.#seq = undefined;
    this.#comments = [];
    this.#length = 0;
    this.#bookmarked = false;
    this.#count += 1;
    return taken;
  }
}

export const pcap: ImportReader = {
  kind: 'pcap',
  detects: (start) => captureKind(start) === 'pcap',
  read: (source, target) => importCapture(readPcap(source.reader), source, target),
};

export const pcapng: ImportReader = {
  kind: 'pcapng',
  detects: (start) => captureKind(start) === 'pcapng',
  read: (source, target) => importCapture(readPcapng(source.reader), source, target),
};

/** Maximum number of kinds of packets that are named; a forged file may have thousands. */
const maxNamed = 12;

type Counts = Pick<
  CaptureFlows,
  'leftOut' | 'notUnderstood' | 'latePackets' | 'lateBytes' | 'earlyBytes' | 'incompletePackets'
>;

/** Returns in sentences what of a capture with `packets` readable packets was not imported; empty if all was. */
function captureNotice(end: CaptureEnd, flows: Counts, omittedNotes: number, packets: number): string {
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
