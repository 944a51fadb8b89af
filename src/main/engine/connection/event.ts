import type { FramingSpec } from '#shared/framing/catalogue.ts';
import type { BadFrame } from '#shared/framing/spec.ts';
import type { Batch } from '#shared/message/boundaries.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import type { CallFailure } from '../drivers/call-failure.ts';
import type { QueuedSend } from './queued-send.ts';

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
