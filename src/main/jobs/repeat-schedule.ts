import { assertNever } from '#shared/assert-never.ts';
import { sliceMs } from './clock.ts';

/** When the messages of a repeated send are due. Times are in milliseconds. */
export interface RepeatPlan {
  /** How many messages are sent; may be infinite. */
  readonly count: number;
  /** Minimum time from the start of one message to the start of the next. */
  readonly intervalMs: number;
  /** A random delay from 0 to this much is added to each interval. */
  readonly jitterMs: number;
  /** Maximum time to wait for the reply to each message; `undefined`: no reply is expected. */
  readonly replyMs?: number | undefined;
  /** Maximum number of messages that are sent together where nothing is between them; 1 if it is left out. */
  readonly maxBatch?: number | undefined;
}

/**
 * `sent`: completely sent messages. `dueMs`: when the current or the next message is due. `batch`: the maximum number of messages that are
 * sent together now.
 */
export type RepeatState =
  | { readonly kind: 'waiting'; readonly sent: number; readonly dueMs: number }
  | { readonly kind: 'sending'; readonly sent: number; readonly dueMs: number; readonly batch: number }
  | { readonly kind: 'replying'; readonly sent: number; readonly dueMs: number; readonly limitMs: number }
  | { readonly kind: 'ended'; readonly sent: number; readonly end: RepeatEnd };

/** `stopped`: cancelled or ended early. `failed`: a message could not be sent. `unanswered`: the expected reply did not arrive. */
export type RepeatEnd = 'done' | 'stopped' | 'failed' | 'unanswered';

/**
 * `random`, from 0 to 1, selects the jitter before the next message. `messages`: the number of messages that were sent completely.
 * `tookMs`: the time from the start of the send until every socket had accepted them.
 */
export type RepeatEvent =
  | { readonly kind: 'timer' }
  | { readonly kind: 'sent'; readonly messages: number; readonly tookMs: number; readonly random: number }
  | { readonly kind: 'replied'; readonly random: number }
  | { readonly kind: 'failed'; readonly messages: number }
  | { readonly kind: 'stop' };

/** `arm`: report a `timer` event at this time, instead of an earlier one. `send`: send up to `messages` messages, at least one. */
export type RepeatCommand =
  | { readonly kind: 'send'; readonly messages: number }
  | { readonly kind: 'await-reply' }
  | { readonly kind: 'arm'; readonly atMs: number }
  | { readonly kind: 'end' };

interface RepeatStep {
  readonly state: RepeatState;
  readonly commands: readonly RepeatCommand[];
}

/** Starts a repeated send: the first message is due immediately. */
export function startRepeat(now: number): RepeatStep {
  return { state: { kind: 'sending', sent: 0, dueMs: now, batch: 1 }, commands: [{ kind: 'send', messages: 1 }] };
}

/**
 * Returns the next state and what to do. Messages are due at multiples of the interval from the start, so that late timers do not
 * add up. A message that is late by an interval or more, because the socket did not take the one before, restarts the schedule:
 * missed messages are not sent later. Without an interval, messages are sent in batches: they grow while the sockets accept them quickly,
 * and shrink otherwise, so that few messages are in flight to a peer that does not read.
 */
export function stepRepeat(plan: RepeatPlan, state: RepeatState, event: RepeatEvent, now: number): RepeatStep {
  if (state.kind === 'ended') return { state: counted(state, event), commands: [] };
  switch (event.kind) {
    case 'stop':
      return ended(state.sent, 'stopped');
    case 'failed':
      return ended(state.sent + event.messages, 'failed');
    case 'sent':
      return state.kind === 'sending' ? afterSend(plan, state, event, now) : { state, commands: [] };
    case 'replied':
      return state.kind === 'replying'
        ? next(plan, { ...state, batch: 1 }, event.random, now)
        : { state, commands: [] };
    case 'timer':
      return afterTimer(plan, state, now);
    default:
      return assertNever(event);
  }
}

type Running = Exclude<RepeatState, { kind: 'ended' }>;
type Sending = Extract<RepeatState, { kind: 'sending' }>;

/** Counts what was sent completely after the end: a send that was cancelled may have sent a part of its messages. */
function counted(state: Extract<RepeatState, { kind: 'ended' }>, event: RepeatEvent): RepeatState {
  return event.kind === 'sent' || event.kind === 'failed' ? { ...state, sent: state.sent + event.messages } : state;
}

function afterSend(
  plan: RepeatPlan,
  { sent: before, dueMs, batch }: Sending,
  { messages, tookMs, random }: Extract<RepeatEvent, { kind: 'sent' }>,
  now: number,
): RepeatStep {
  const sent = before + messages;
  if (plan.replyMs === undefined) return next(plan, { sent, dueMs, batch: resized(plan, batch, tookMs) }, random, now);
  const limitMs = now + plan.replyMs;
  return {
    state: { kind: 'replying', sent, dueMs, limitMs },
    commands: [{ kind: 'await-reply' }, { kind: 'arm', atMs: limitMs }],
  };
}

/** A timer of the system may be early by a part of a millisecond: it is armed again. */
function afterTimer(plan: RepeatPlan, state: Running, now: number): RepeatStep {
  if (state.kind === 'sending') return { state, commands: [] };
  const atMs = state.kind === 'replying' ? state.limitMs : state.dueMs;
  if (now < atMs) return { state, commands: [{ kind: 'arm', atMs }] };
  return state.kind === 'replying' ? ended(state.sent, 'unanswered') : send(plan, { ...state, batch: 1 }, now);
}

/** Returns the size of the batch after one that took `tookMs`. */
function resized({ intervalMs, jitterMs, maxBatch = 1 }: RepeatPlan, batch: number, tookMs: number): number {
  if (intervalMs > 0 || jitterMs > 0) return 1;
  if (tookMs <= sliceMs / 2) return Math.min(batch * 2, maxBatch);
  // What takes longer than a turn of the event loop waits for the peer.
  return tookMs <= sliceMs ? batch : Math.max(1, Math.floor(batch / 2));
}

type Place = Pick<Sending, 'sent' | 'dueMs' | 'batch'>;

function next(plan: RepeatPlan, { sent, dueMs: before, batch }: Place, random: number, now: number): RepeatStep {
  if (sent >= plan.count) return ended(sent, 'done');
  const dueMs = before + plan.intervalMs + random * plan.jitterMs;
  const state = { kind: 'waiting', sent, dueMs } as const;
  return now < dueMs ? { state, commands: [{ kind: 'arm', atMs: dueMs }] } : send(plan, { sent, dueMs, batch }, now);
}

function send({ intervalMs, count }: RepeatPlan, { sent, dueMs, batch }: Place, now: number): RepeatStep {
  const isMissed = now - dueMs >= intervalMs;
  return {
    state: { kind: 'sending', sent, dueMs: isMissed ? now : dueMs, batch },
    commands: [{ kind: 'send', messages: Math.min(batch, count - sent) }],
  };
}

function ended(sent: number, end: RepeatEnd): RepeatStep {
  return { state: { kind: 'ended', sent, end }, commands: [{ kind: 'end' }] };
}
