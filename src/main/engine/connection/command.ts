import type { FramingSpec } from '#shared/framing/catalogue.ts';
import type { Batch, ReceivedBatch } from '#shared/message/boundaries.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import type { MachineEvent, Timer } from './event.ts';
import type { QueuedSend } from './queued-send.ts';

/** What a command does with the socket, as one call of the driver. */
export type SocketControl =
  | 'attach'
  | 'pause-reading'
  | 'resume-reading'
  | 'abort-handshake'
  | 'end-writing'
  | 'close-both'
  | 'reset-both'
  | 'destroy';

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
  | { readonly kind: 'record'; readonly event: SocketEvent }
  | { readonly kind: 'record-read'; readonly length: number }
  | { readonly kind: 'record-received'; readonly batch: ReceivedBatch }
  | { readonly kind: 'record-sent'; readonly batch: Batch }
  | { readonly kind: 'describe'; readonly framing: string }
  | { readonly kind: 'respond'; readonly batch: ReceivedBatch; readonly framing: FramingSpec }
  | { readonly kind: 'arm'; readonly timer: Timer; readonly ms: number }
  | { readonly kind: 'disarm'; readonly timer: Timer }
  | { readonly kind: 'load'; readonly send: QueuedSend }
  | { readonly kind: 'progress'; readonly send: QueuedSend; readonly sent: number }
  | { readonly kind: 'settle'; readonly send: QueuedSend; readonly sent: number; readonly complete: boolean }
  | { readonly kind: 'raise'; readonly event: MachineEvent }
  | { readonly kind: 'changed' | 'ended' };
