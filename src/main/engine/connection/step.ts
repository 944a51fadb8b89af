import type { FramingSpec } from '#shared/framing/catalogue.ts';
import type { BadFrame } from '#shared/framing/spec.ts';
import type { Batch, ReceivedBatch } from '#shared/message/boundaries.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import type { CallFailure } from '../failures.ts';
import type { QueuedSend } from './sends.ts';

/**
 * The timers of a connection, named by their event:
 * - `grace-over`: a peer has not received the queued bytes of a connection that is closed;
 * - `idle-check`: a limit of silence may have expired;
 * - `gap-over`: an idle gap may have ended a message;
 * - `overdue-check`: a message may have been incomplete for too long;
 * - `pace-due`: the next piece of a paced message is due;
 * - `long-pause`: a pause of reading is longer than ordinary flow control.
 */
export const timers = ['grace-over', 'idle-check', 'gap-over', 'overdue-check', 'pace-due', 'long-pause'] as const;
export type Timer = (typeof timers)[number];

/** Who closed a connection: the user (`local`), the end of its server (`stopped`), or a time limit. */
export type CloseReason = 'local' | 'stopped' | 'timeout';

/** Every event of the machine; the transition table says what follows it. */
export type MachineEvent =
  | { readonly kind: Timer }
  | { readonly kind: 'start' | 'handshake-done' | 'peer-fin' | 'peer-fin-half-open' | 'drained' }
  | { readonly kind: 'shutdown' | 'reset' | 'pause' | 'resume' | 'congested' | 'log-drained' }
  /** `bytes` are valid until the commands of the event are executed. */
  | { readonly kind: 'read'; readonly bytes: Uint8Array; readonly flags: number }
  | { readonly kind: 'written'; readonly accepted: boolean }
  /** `batch`: `undefined` at the end, and where it is not available (`failed`). */
  | { readonly kind: 'loaded'; readonly send: QueuedSend; readonly batch: Batch | undefined; readonly failed: boolean }
  /** An event of the transport between messages. */
  | { readonly kind: 'noted'; readonly event: SocketEvent }
  | { readonly kind: 'handshake-failed' | 'failed'; readonly failure: CallFailure }
  | { readonly kind: 'closed'; readonly text: string | undefined }
  | { readonly kind: 'send' | 'answer' | 'cancel'; readonly send: QueuedSend }
  | { readonly kind: 'close'; readonly cause: CloseReason }
  | { readonly kind: 'reframe'; readonly framing: FramingSpec; readonly badFrame: BadFrame | undefined }
  | { readonly kind: 'set-bad-frame'; readonly badFrame: BadFrame };

/** Returns the events that follow a batch of received messages: its answers, framed with the connection's framing. The batch is valid until it returns. */
export type Responder = (batch: ReceivedBatch, framing: FramingSpec) => readonly MachineEvent[];

/** What a command does with the socket, as one call of the driver without arguments. */
export type SocketControl =
  | 'pause-reading'
  | 'resume-reading'
  | 'end-writing'
  | 'close-both'
  | 'reset-both'
  | 'destroy';

/** What is recorded of a connection. */
export type RecordCommand =
  | { readonly kind: 'record'; readonly event: SocketEvent }
  | { readonly kind: 'record-read'; readonly length: number }
  | { readonly kind: 'record-received'; readonly batch: ReceivedBatch }
  | { readonly kind: 'record-sent'; readonly batch: Batch }
  | { readonly kind: 'describe'; readonly framing: string };

/**
 * What the machine asks its shell to do. Bytes and boundaries are valid until the next event.
 * - `record-read` notes the length of a read; `describe` changes the framing in the description of the socket;
 * - `respond` asks for the answers to recorded messages, which come back as the events `answer`;
 * - `arm` starts a timer or starts it again; its event comes after `ms`;
 * - `load` asks for the next batch of a send, which comes back as `loaded`;
 * - `raise` is an event for the machine itself, after those that are already waiting.
 */
export type Command =
  | { readonly kind: SocketControl }
  | { readonly kind: 'write'; readonly bytes: Uint8Array }
  | RecordCommand
  | { readonly kind: 'respond'; readonly batch: ReceivedBatch; readonly framing: FramingSpec }
  | { readonly kind: 'arm'; readonly timer: Timer; readonly ms: number }
  | { readonly kind: 'disarm'; readonly timer: Timer }
  | { readonly kind: 'load'; readonly send: QueuedSend }
  | { readonly kind: 'progress'; readonly send: QueuedSend; readonly sent: number }
  | { readonly kind: 'settle'; readonly send: QueuedSend; readonly sent: number; readonly complete: boolean }
  | { readonly kind: 'raise'; readonly event: MachineEvent }
  | { readonly kind: 'attach' | 'abort-handshake' | 'changed' | 'ended' };
