import type { Engine } from '#engine/engine.ts';
import { type BatchOutcome, type BatchRequest, batchLimit, type SendOutcome, type SendRequest } from '#jobs/sender.ts';
import type { ClientConfig } from '#shared/endpoint/endpoint-config.ts';
import { bodyRange } from '#shared/export/record-format.ts';
import type { Failure, Result } from '#shared/failure.ts';
import { messageFlags } from '#shared/message/flags.ts';
import type { MessageValues, Payload } from './input.ts';
import type { RecordPrinter } from './printing-log.ts';

const notMessages = messageFlags.filler | messageFlags.truncated | messageFlags.part;

type Rendered = Extract<Payload, { kind: 'rendered' }>;

/** Renders each message of a template when it is sent: with its number, its connection, and the message that was received last. */
export class RenderedSends {
  readonly #config: ClientConfig;
  readonly #next: Rendered['next'];
  /** The template reads the last received message, which may be another one for each message: they are not sent in batches. */
  readonly isSingle: boolean;
  #last: Uint8Array | undefined;
  #count = 0;

  constructor(config: ClientConfig, { next, usesLast }: Pick<Rendered, 'next' | 'usesLast'>) {
    this.#config = config;
    this.#next = next;
    this.isSingle = usesLast;
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
    const rendered = this.#render(this.#connection(engine, sockets));
    if (rendered.ok) return await engine.send(sockets, { ...request, bytes: rendered.value });
    return sockets.map((socket) => ({ socket, bytes: 0, error: rendered.error }));
  }

  /** Renders up to `count` messages and sends them together. After a template that fails, sends the messages before it. */
  async sendBatch(
    engine: Engine,
    sockets: readonly number[],
    { frame, signal }: BatchRequest,
    count: number,
  ): Promise<BatchOutcome[]> {
    const connection = this.#connection(engine, sockets);
    const messages: Uint8Array[] = [];
    const mayRender = batchLimit(count);
    let failure: Failure | undefined;
    for (let bytes = 0; !failure && mayRender(messages.length, bytes); ) {
      const rendered = this.#render(connection);
      if (rendered.ok) {
        messages.push(rendered.value);
        bytes += rendered.value.length;
      } else failure = rendered.error;
    }
    const none = sockets.map((socket): BatchOutcome => ({ socket, bytes: 0, messages: 0 }));
    const outcomes = messages.length === 0 ? none : await engine.sendBatch(sockets, messages, { frame, signal });
    return outcomes.map((outcome) => (failure && !outcome.error ? { ...outcome, error: failure } : outcome));
  }

  #connection(engine: Engine, [socket]: readonly number[]): NonNullable<MessageValues['connection']> {
    const { host, port, name, transport } = this.#config;
    const view = socket === undefined ? undefined : engine.socket(socket);
    return { host, port, name, transport, localAddress: view?.local, remoteAddress: view?.peer };
  }

  #render(connection: NonNullable<MessageValues['connection']>): Result<Uint8Array> {
    this.#count += 1;
    const values = { connection, message: this.#count };
    return this.#next(this.#last ? { ...values, last: this.#last } : values);
  }
}
