import { showControls } from '#shared/bytes/text.ts';
import { isContinued, messageFlags } from '#shared/message/flags.ts';
import { describeEvent } from '#shared/record/record.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import type { Output } from './output.ts';
import { MessageFormatter, type OutputMode } from './output-mode.ts';
import type { RecordPrinter } from './printing-log.ts';
import { note } from './report.ts';

const lineFeed = 0x0a;

export interface ReplyPrinterOptions {
  readonly mode: OutputMode;
  /** Reports all events on the error output. */
  readonly verbose?: boolean | undefined;
}

/**
 * Prints replies. In mode `raw`, it prints all bytes, including framing. In the other modes, it prints one line per message
 * without framing (per read for a stream without framing) and ends each with a line feed.
 */
export class ReplyPrinter {
  readonly #output: Pick<Output, 'write'>;
  readonly #verbose: boolean;
  /** `undefined` in mode `raw`. */
  readonly #formatter: MessageFormatter | undefined;
  #atLineStart = true;
  /** True while connection attempts are reported: there are several addresses, or it reconnects. */
  #reportsAttempts = false;

  constructor(output: Pick<Output, 'write'>, { mode, verbose = false }: ReplyPrinterOptions) {
    this.#output = output;
    this.#verbose = verbose;
    this.#formatter = mode === 'raw' ? undefined : new MessageFormatter(mode);
  }

  readonly print: RecordPrinter = (row, bytes, socket) => {
    if (row.event) this.#event(row.event, row.socket);
    if (row.kind !== 'in') return;
    // A copy: the output keeps the bytes longer than this call.
    if (!this.#formatter) {
      this.#output.write(bytes.slice());
      return;
    }
    if ((row.flags & messageFlags.filler) !== 0) return;
    const printable = this.#formatter.format(row, bytes, socket);
    if (printable.kind === 'encoded') {
      this.finish();
      this.#output.write(`${printable.text}\n`);
      return;
    }
    this.#write(printable.bytes);
    if (!isContinued(row.flags)) this.finish();
  };

  /** Ends the current line, if there is one. */
  finish(): void {
    if (!this.#atLineStart) this.#output.write('\n');
    this.#atLineStart = true;
  }

  #write(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#output.write(bytes.slice());
    this.#atLineStart = bytes.at(-1) === lineFeed;
  }

  /** Reports an event on the error output: all events if verbose, otherwise the important ones. */
  #event(event: SocketEvent, socket: number): void {
    if (event.kind === 'connecting') this.#reportsAttempts ||= event.of > 1;
    if (event.kind === 'waiting') this.#reportsAttempts = true;
    if (this.#verbose || this.#isImportant(event)) note(showControls(describeEvent(event)));
    if (event.kind === 'opened') this.#reportsAttempts = false;
    if (event.kind !== 'closed') return;
    // The next connection has another stream.
    this.finish();
    const left = this.#formatter?.forget(socket) ?? '';
    if (left !== '') this.#output.write(`${left}\n`);
  }

  /** Returns true for attempts if there are several, TLS results, limits, malformed bytes, the body of a refusal, a pong. */
  #isImportant(event: SocketEvent): boolean {
    const { kind } = event;
    if (kind === 'http') return event.way === 'received' && !!event.body;
    // A pong follows only a ping that the user asked for.
    if (kind === 'control') return event.way === 'received' && event.frame === 'pong';
    if (kind === 'connecting' || kind === 'failed') return this.#reportsAttempts;
    return ['waiting', 'secured', 'limited', 'malformed', 'problem'].includes(kind);
  }
}
