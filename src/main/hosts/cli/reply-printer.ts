import { showControls } from '#shared/bytes/text.ts';
import { isContinued, messageFlags } from '#shared/message/flags.ts';
import { describeEvent } from '#shared/record/describe.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import type { Output } from './output.ts';
import { MessageWords, type OutputMode } from './output-mode.ts';
import type { RecordPrinter } from './printing-log.ts';
import { note } from './report.ts';

const lineFeed = 0x0a;

export interface ReplyPrinterOptions {
  readonly mode: OutputMode;
  /** All that happens is told beside the replies. */
  readonly verbose?: boolean | undefined;
}

/**
 * Prints what a peer answers. In mode `raw`, all of it byte for byte, framing included. Else without its framing, a message
 * (of a stream without framing, a read) a line: a line feed is added where it has none.
 */
export class ReplyPrinter {
  readonly #output: Pick<Output, 'write'>;
  readonly #verbose: boolean;
  /** Not there in mode `raw`. */
  readonly #words: MessageWords | undefined;
  #atLineStart = true;
  /** Attempts are told: there are several addresses, or it connects again. */
  #tellsAttempts = false;

  constructor(output: Pick<Output, 'write'>, { mode, verbose = false }: ReplyPrinterOptions) {
    this.#output = output;
    this.#verbose = verbose;
    this.#words = mode === 'raw' ? undefined : new MessageWords(mode);
  }

  readonly print: RecordPrinter = (row, bytes, socket) => {
    if (row.event) this.#tell(row.event, row.socket);
    if (row.kind !== 'in') return;
    // The bytes are only lent, and the output keeps them until they are written.
    if (!this.#words) {
      this.#output.write(bytes.slice());
      return;
    }
    if ((row.flags & messageFlags.filler) !== 0) return;
    const printable = this.#words.of(row, bytes, socket);
    if (printable.kind === 'words') {
      this.finish();
      this.#output.write(`${printable.words}\n`);
      return;
    }
    this.#write(printable.bytes);
    if (!isContinued(row.flags)) this.finish();
  };

  /** Ends the line that is begun. */
  finish(): void {
    if (!this.#atLineStart) this.#output.write('\n');
    this.#atLineStart = true;
  }

  #write(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#output.write(bytes.slice());
    this.#atLineStart = bytes.at(-1) === lineFeed;
  }

  /** Says beside the replies what a person wants to know, `verbose` or not. */
  #tell(event: SocketEvent, socket: number): void {
    if (event.kind === 'connecting') this.#tellsAttempts ||= event.of > 1;
    if (event.kind === 'waiting') this.#tellsAttempts = true;
    if (this.#verbose || this.#isNews(event)) note(showControls(describeEvent(event)));
    if (event.kind === 'opened') this.#tellsAttempts = false;
    if (event.kind !== 'closed') return;
    // The next connection's stream is another one.
    this.finish();
    const left = this.#words?.forget(socket) ?? '';
    if (left !== '') this.#output.write(`${left}\n`);
  }

  /** Which address is tried of several, what was agreed on, what was cut or is wrong, a refusal’s words, a pong. */
  #isNews(event: SocketEvent): boolean {
    const { kind } = event;
    if (kind === 'http') return event.way === 'received' && !!event.body;
    // A pong comes where we have sent a ping.
    if (kind === 'control') return event.way === 'received' && event.frame === 'pong';
    if (kind === 'connecting' || kind === 'failed') return this.#tellsAttempts;
    return ['waiting', 'secured', 'limited', 'malformed', 'problem'].includes(kind);
  }
}
