import { messageFlags } from '../../message/flags.ts';
import { propertyWords } from '../../record/received-checksum.ts';
import { describeEvent, isProblem, type Row } from '../../record/record.ts';

/** Maximum number of comments of records without a packet in one packet; more wait for the next packet. */
const commentsAtOnce = 8;
/** Maximum number of waiting comments. */
const maxWaiting = 10_000;
/** Flags of a message that a reader of the packets should know. */
const commentedFlags = messageFlags.truncated | messageFlags.incomplete | messageFlags.malformed | messageFlags.part;

const none: readonly string[] = [];

/** The comments of a capture on its packets: what records say that their packets do not show. */
export class RecordComments {
  /** Comments of records without a packet, for the next packet. */
  #waiting: string[] = [];
  #omitted = 0;

  /** Returns the comments for the first packet of `row`: waiting ones, `introduction`, its flags, the verdict on its checksum, and its mark. */
  of(row: Row, introduction: string): readonly string[] {
    const properties = propertyWords({ flags: row.flags & commentedFlags, checksum: row.checksum });
    const hasOwn = properties.length > 0 || row.mark !== undefined || row.event !== undefined;
    if (this.#waiting.length === 0 && introduction === '' && !hasOwn) return none;
    const comments = this.#waiting.splice(0, commentsAtOnce);
    if (introduction !== '') comments.push(introduction);
    if (properties.length > 0) comments.push(properties.join(', '));
    if (row.event?.kind === 'failed') comments.push(describeEvent(row.event));
    comments.push(...markComments(row));
    return comments;
  }

  /** Keeps the text of a record without a packet for the next packet. */
  wait(row: Row, what: string = row.kind): void {
    const isNotable = isProblem(row.kind) || row.kind === 'secured' || row.kind === 'upgraded';
    const start = `record ${row.seq}, socket ${row.socket}, ${what}`;
    const words = row.event && isNotable ? [describeEvent(row.event)] : [];
    words.push(...propertyWords({ flags: 0, checksum: row.checksum }), ...markComments(row));
    for (const text of words) {
      if (this.#waiting.length < maxWaiting) this.#waiting.push(`${start}: ${text}`);
      else this.#omitted += 1;
    }
  }

  /** Returns the comments for which no packet came. */
  rest(): string[] {
    const rest = this.#waiting;
    if (this.#omitted > 0) rest.push(`${this.#omitted} further notes were omitted`);
    return rest;
  }
}

function markComments({ mark }: Row): string[] {
  const comments: string[] = [];
  if (mark?.bookmarked) comments.push('bookmarked');
  if (mark && mark.note !== '') comments.push(mark.note);
  return comments;
}
