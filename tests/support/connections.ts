import { writeFileSync } from 'node:fs';
import type { SessionLog } from '#session/session.ts';
import { Boundaries } from '#shared/message/boundaries.ts';
import { Capture } from '#shared/pcap/writing/capture.ts';
import type { Row, SocketInfo } from '#shared/record/record.ts';
import type { Address } from '#shared/socket/address.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import { answerOf, type SessionFolder } from './session.ts';

export const startAt = Date.UTC(2026, 2, 1, 14, 5, 9, 7);

/** A session being recorded, a millisecond from record to record. */
export class Script {
  readonly log: SessionLog;
  #at = startAt;

  constructor(log: SessionLog) {
    this.log = log;
  }

  socket(id: number, parts: Partial<SocketInfo>): void {
    const common = { endpoint: 'e', name: 'echo', framing: 'line', transport: 'tcp', role: 'accepted' } as const;
    this.log.describe({ id, local: '', peer: '', ...common, ...parts });
  }

  event(socket: number, event: SocketEvent): number {
    this.#at += 1;
    return this.log.event(socket, this.#at, event);
  }

  send(socket: number, direction: 'in' | 'out', bytes: Uint8Array, flags = 0): number {
    const boundaries = new Boundaries();
    boundaries.push(bytes.length, 0, 0, flags);
    this.#at += 1;
    return this.log.messages(socket, direction, this.#at, new Uint8Array(0), bytes, boundaries);
  }
}

export function address(host: string, port: number): Address {
  return { host, port, family: host.includes(':') ? 6 : 4 };
}

export function closed(cause: Extract<SocketEvent, { kind: 'closed' }>['cause']): SocketEvent {
  return { kind: 'closed', cause, bytesIn: 0, bytesOut: 0 };
}

export function bytes(length: number, seed: number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, (_, at) => (at * 31 + seed + (at >>> 8)) & 255));
}

/** One accepted connection with messages of these lengths, each direction in turn; gives what went in and out. */
export function conversation(script: Script, id: number, local: Address, peer: Address, lengths: readonly number[]) {
  const text = ({ host, port, family }: Address) => (family === 6 ? `[${host}]:${port}` : `${host}:${port}`);
  script.socket(id, { local: text(local), peer: text(peer) });
  script.event(id, { kind: 'accepted', local, peer, listener: 9 });
  const sent: Record<'in' | 'out', Buffer[]> = { in: [], out: [] };
  for (const [index, length] of lengths.entries()) {
    const direction = index % 3 === 2 ? 'out' : 'in';
    const message = bytes(length, index);
    script.send(id, direction, message);
    sent[direction].push(message);
  }
  script.event(id, { kind: 'ended' });
  script.event(id, closed('peer'));
  return { in: Buffer.concat(sent.in), out: Buffer.concat(sent.out) };
}

export type Move = 'in' | 'out' | 'ended' | 'shutdown' | 'paused';

export interface Life {
  readonly start: 'accepted' | 'opened' | 'refused' | 'unanswered' | 'none';
  readonly family: 4 | 6;
  readonly port: number;
  readonly moves: readonly [Move, number][];
  readonly cause: Extract<SocketEvent, { kind: 'closed' }>['cause'];
}

/** What an engine may record of one socket, step by step. Several may have the same addresses. */
export function* playLife(script: Script, id: number, { start, family, port, moves, cause }: Life): Generator<void> {
  const host = family === 6 ? '::1' : '127.0.0.1';
  const text = (number: number) => (family === 6 ? `[::1]:${number}` : `127.0.0.1:${number}`);
  const [local, peer] = [address(host, 12_345), address(host, port)];
  const role = start === 'accepted' || start === 'none' ? 'accepted' : 'outgoing';
  script.socket(id, { role, local: role === 'accepted' ? text(12_345) : '', peer: text(port) });
  yield;
  if (start === 'accepted') script.event(id, { kind: 'accepted', local, peer, listener: 9 });
  if (role === 'outgoing') {
    script.event(id, { kind: 'connecting', peer, attempt: 1, of: 1 });
    yield;
    if (start === 'opened') script.event(id, { kind: 'opened', local, peer, elapsedMs: 1 });
    else {
      const errno = start === 'refused' ? 'ECONNREFUSED' : 'ETIMEDOUT';
      script.event(id, { kind: 'failed', call: 'connect', errno, text: 'no', address: peer });
      script.event(id, closed(start === 'refused' ? 'failed' : 'timeout'));
      return;
    }
  }
  const over = new Set<Move>();
  for (const [move, size] of moves) {
    yield;
    if (over.has(move === 'in' ? 'ended' : move === 'out' ? 'shutdown' : move)) continue;
    if (move === 'in' || move === 'out') script.send(id, move, bytes(size, id));
    else if (move === 'paused') script.event(id, { kind: 'paused', reason: 'the log' });
    else {
      script.event(id, { kind: move });
      over.add(move);
    }
  }
  yield;
  script.event(id, closed(cause));
}

/** A row as exports have it; of socket 2, a message received unless it has an event. */
export function rowOf(seq: number, { event, ...parts }: Partial<Row>): Row {
  const nothing = { socket: 2, offset: 0, length: 0, head: 0, tail: 0, flags: 0, preview: '' };
  return { seq, at: startAt + seq, kind: event?.kind ?? 'in', ...nothing, ...parts, ...(event && { event }) };
}

/** Writes `rows` to a pcapng file at `path`; gives the bytes of their messages. */
export function capture(path: string, rows: readonly Row[]): Buffer {
  const info = { role: 'accepted', transport: 'tcp', endpoint: '', name: '', framing: '' } as const;
  const sockets = new Map([
    [1, { ...info, id: 1, role: 'listener' as const, local: '127.0.0.1:9', peer: '' }],
    [2, { ...info, id: 2, local: '127.0.0.1:9', peer: '127.0.0.1:9999' }],
  ]);
  const parts: Buffer[] = [];
  const options = { appVersion: 'test', sessionName: 's', partial: true };
  const file = new Capture(sockets, options, (part) => parts.push(Buffer.from(part)));
  const stream = rows.flatMap((row) => {
    if (row.event) {
      file.event(row);
      return [];
    }
    const message = bytes(row.length, row.seq);
    file.message(row, message, 0, true);
    return [message];
  });
  file.end();
  writeFileSync(path, Buffer.concat(parts));
  return Buffer.concat(stream);
}

export async function exported(log: SessionLog, folder: SessionFolder, scope = {}): Promise<string> {
  await log.flush();
  const path = folder.file('a.pcapng');
  answerOf(await log.ask('save', { format: 'pcapng', path, scope }));
  return path;
}
