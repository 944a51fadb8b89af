import type { Engine } from '#engine/engine.ts';
import type { SendOutcome, SendRequest } from '#jobs/sender.ts';
import type { ClientConfig } from '#shared/endpoint/endpoint-config.ts';
import { bodyRange } from '#shared/export/record-format.ts';
import type { Result } from '#shared/failure.ts';
import { messageFlags } from '#shared/message/flags.ts';
import type { MessageValues } from './input.ts';
import type { RecordPrinter } from './printing-log.ts';

const notMessages = messageFlags.filler | messageFlags.truncated | messageFlags.part;

/** Renders each message of a template when it is sent: with its number, its connection, and the message that was received last. */
export class RenderedSends {
  readonly #config: ClientConfig;
  readonly #next: (values: MessageValues) => Result<Uint8Array>;
  #last: Uint8Array | undefined;
  #count = 0;

  constructor(config: ClientConfig, next: (values: MessageValues) => Result<Uint8Array>) {
    this.#config = config;
    this.#next = next;
  }

  /** Returns a printer that also keeps the last received message. */
  watching(print: RecordPrinter): RecordPrinter {
    return (row, bytes, socket, write) => {
      if (row.kind === 'in' && (row.flags & notMessages) === 0) {
        const { from, to } = bodyRange(row);
        this.#last = bytes.slice(from, to);
      }
      print(row, bytes, socket, write);
    };
  }

  /** Renders the next message and sends it. A template that fails is the failure of the send. */
  async send(engine: Engine, sockets: readonly number[], request: SendRequest): Promise<SendOutcome[]> {
    const { host, port, name, transport } = this.#config;
    const view = engine.snapshot().sockets.find(({ id }) => id === sockets[0]);
    const connection = { host, port, name, transport, localAddress: view?.local, remoteAddress: view?.peer };
    this.#count += 1;
    const values = { connection, message: this.#count };
    const rendered = this.#next(this.#last ? { ...values, last: this.#last } : values);
    if (rendered.ok) return await engine.send(sockets, { ...request, bytes: rendered.value });
    return sockets.map((socket) => ({ socket, bytes: 0, error: rendered.error }));
  }
}
