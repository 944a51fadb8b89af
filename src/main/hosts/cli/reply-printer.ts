import { isUtf8 } from 'node:buffer';
import { toHex } from '#shared/bytes/hex.ts';
import { decodeUtf8Lossy, showControls } from '#shared/bytes/text.ts';
import { describeEvent } from '#shared/record/describe.ts';
import { goesOn, messageFlags } from '#shared/record/record.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import { messageBody } from './message-body.ts';
import type { Output } from './output.ts';
import type { RecordPrinter } from './printing-log.ts';
import { note } from './report.ts';
import { endOfCharacters } from './utf8-tail.ts';

const lineFeed = 0x0a;
const nothing = new Uint8Array(0);

export interface ReplyPrinterOptions {
  /** The framing is raw: what comes are reads, not messages. */
  readonly raw: boolean;
  /** The output is a terminal. */
  readonly terminal: boolean;
  /** All that happens is told beside the replies. */
  readonly verbose?: boolean | undefined;
}

/**
 * Prints what a peer answers: UTF-8 as it came, anything else as a line `hex: ff fe …`. A message ends with a line
 * feed; one is added where it has none. Under raw framing there are no messages, so into a pipe or a file the stream
 * goes as it came, with a line feed at its end; a terminal gets a line for each read. On a terminal control characters
 * but line feed and tab are shown as symbols, so that nothing a peer sends can act on it.
 */
export class ReplyPrinter {
  readonly #output: Pick<Output, 'write'>;
  readonly #options: ReplyPrinterOptions;
  #kept: Uint8Array = nothing;
  #atLineStart = true;
  /** Attempts are told: there are several addresses, or it connects again. */
  #tellsAttempts = false;

  constructor(output: Pick<Output, 'write'>, options: ReplyPrinterOptions) {
    this.#output = output;
    this.#options = options;
  }

  readonly print: RecordPrinter = (row, bytes, socket) => {
    if (row.event) this.#tell(row.event);
    if (row.kind !== 'in' || (row.flags & messageFlags.filler) !== 0) return;
    const isMessage = this.#options.terminal || !this.#options.raw;
    this.#take(messageBody(row, bytes, socket), isMessage && !goesOn(row.flags));
  };

  /** Nothing more comes. */
  finish(): void {
    this.#take(nothing, true);
  }

  /** Prints the next bytes; `ends`: the message ends with them. Until then a character that was split waits for its rest. */
  #take(bytes: Uint8Array, ends: boolean): void {
    const all = this.#kept.length === 0 ? bytes : Buffer.concat([this.#kept, bytes]);
    const end = ends ? all.length : endOfCharacters(all);
    this.#kept = end === all.length ? nothing : all.slice(end);
    this.#write(all.subarray(0, end));
    if (ends) this.#endLine();
  }

  #write(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    if (!isUtf8(bytes)) {
      this.#endLine();
      this.#output.write(`hex: ${toHex(bytes, ' ')}\n`);
      return;
    }
    // The bytes are only lent, and the output keeps them until they are written.
    this.#output.write(this.#options.terminal ? visible(bytes) : bytes.slice());
    this.#atLineStart = bytes.at(-1) === lineFeed;
  }

  #endLine(): void {
    if (!this.#atLineStart) this.#output.write('\n');
    this.#atLineStart = true;
  }

  /** Says beside the replies what a person wants to know, `verbose` or not. */
  #tell(event: SocketEvent): void {
    if (event.kind === 'connecting') this.#tellsAttempts ||= event.of > 1;
    if (event.kind === 'waiting') this.#tellsAttempts = true;
    if (this.#options.verbose || this.#isNews(event)) note(showControls(describeEvent(event)));
    if (event.kind === 'opened') this.#tellsAttempts = false;
    // The next connection's stream is another one.
    if (event.kind === 'closed') this.finish();
  }

  /** Which address is tried of several, what was agreed on, what was cut or is wrong. */
  #isNews({ kind }: SocketEvent): boolean {
    if (kind === 'connecting' || kind === 'failed') return this.#tellsAttempts;
    return ['waiting', 'secured', 'limited', 'malformed', 'problem'].includes(kind);
  }
}

/** The text of `bytes` with every control character but line feed and tab as its symbol. */
function visible(bytes: Uint8Array): string {
  const parts = decodeUtf8Lossy(bytes).split(/([\n\t])/);
  return parts.map((part) => (part === '\n' || part === '\t' ? part : showControls(part))).join('');
}
