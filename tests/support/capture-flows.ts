import { CaptureFlows } from '#shared/pcap/reading/capture-flows.ts';
import { describeEvent } from '#shared/record/record.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import { client, type Frame, server, startAt, tcp } from '#support/captures.ts';
import { MemoryLog, type MemoryRecord } from '#support/memory-log.ts';

/** Keeps the time of each record, too. */
export class TimedLog extends MemoryLog {
  readonly #times: number[] = [];

  override event(socket: number, at: number, event: SocketEvent): number {
    this.#times.push(at);
    return super.event(socket, at, event);
  }

  override messages(
    ...[socket, direction, at, carryOver, bytes, boundaries]: Parameters<MemoryLog['messages']>
  ): number {
    for (let index = 0; index < boundaries.count; index += 1) this.#times.push(at);
    return super.messages(socket, direction, at, carryOver, bytes, boundaries);
  }

  /** Milliseconds since the start of a test's packets. */
  timeOf(record: MemoryRecord): number {
    return (this.#times[this.records.indexOf(record)] as number) - startAt;
  }
}

interface Imported {
  readonly log: TimedLog;
  readonly flows: CaptureFlows;
}

/** Imports IP packets. `interfaceName` and `writer` as a capture file has them. */
export function imported(packets: readonly (Buffer | Frame)[], writer = '', interfaceName = ''): Imported {
  const log = new TimedLog();
  const flows = new CaptureFlows(log);
  for (const { at, bytes, captured = bytes.length } of packets.map((packet, index) =>
    Buffer.isBuffer(packet) ? { at: startAt + index, bytes: packet } : packet,
  ) as Frame[]) {
    const data = bytes.subarray(0, captured);
    flows.take({ at, linkType: 101, data, originalLength: bytes.length, comments: [], writer, interfaceName });
  }
  flows.end();
  return { log, flows };
}

/** A record in short: a message as `in “text”`, an event as its sentence. */
const short = ({ kind, bytes, event, flags }: MemoryRecord) =>
  event ? describeEvent(event) : `${kind} “${bytes.toString('latin1')}”${flags === 0 ? '' : ` ${flags}`}`;
/** The records of a socket in short. */
export const shorts = ({ log }: Imported, socket = 1) => log.of(socket).map(short);

/** With the milliseconds since the start. */
export const timed = ({ log }: Imported, socket = 1) =>
  log.of(socket).map((record) => `${log.timeOf(record)} ${short(record)}`);

/** A packet of the client’s. */
export const up = (seq: number, flags: string, data = '', ack = 0) => tcp({ seq, flags, data, ack });
/** A packet of the server’s. */
export const down = (seq: number, flags: string, data = '', ack = 0) =>
  tcp({ from: server, to: client, seq, flags, data, ack });
export const handshake = [up(99, 'S'), down(499, 'SA', '', 100), up(100, 'A', '', 500)];
/** The records of `handshake`. */
export const opened = [`connecting to ${server}`, `connected to ${server} from ${client} in 1 ms`];
