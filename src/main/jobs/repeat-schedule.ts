import { assertNever } from '#shared/assert-never.ts';

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
}

/** `sent`: completely sent messages. `dueMs`: when the current or the next message is due. */
export type RepeatState =
  | { readonly kind: 'waiting' | 'sending'; readonly sent: number; readonly dueMs: number }
  | { readonly kind: 'replying'; readonly sent: number; readonly dueMs: number; readonly limitMs: number }
  | { readonly kind: 'ended'; readonly sent: number; readonly end: RepeatEnd };

/** `stopped`: cancelled or ended early. `failed`: a message could not be sent. `unanswered`: the expected reply did not arrive. */
export type RepeatEnd = 'done' | 'stopped' | 'failed' | 'unanswered';

/** `random`, from 0 to 1, selects the jitter before the next message. */
export type RepeatEvent =
  | { readonly kind: 'timer' }
  | { readonly kind: 'sent'; readonly random: number }
  | { readonly kind: 'replied'; readonly random: number }
  | { readonly kind: 'failed' }
  | { readonly kind: 'stop' };

/** `arm`: report a `timer` event at this time, instead of an earlier one. */
export type RepeatCommand =
  | { readonly kind: 'send' }
  | { readonly kind: 'await-reply' }
  | { readonly kind: 'arm'; readonly atMs: number }
  | { readonly kind: 'end' };

interface RepeatStep {
  readonly state: RepeatState;
  readonly commands: readonly RepeatCommand[];
}

/** Starts a repeated send: the first message is due immediately. */
export function startRepeat(now: number): RepeatStep {
  return { state: { kind: 'sending', sent: 0, dueMs: now }, commands: [{ kind: 'send' }] };
}

/**
 * Returns the next state and what to do. Messages are due at multiples of the interval from the start, so that late timers do not
 * add up. A message that is late by an interval or more, because the socket did not take the one before, restarts the schedule:
 * missed messages are not sent later.
 */
export function stepRepeat(plan: RepeatPlan, state: RepeatState, event: RepeatEvent, now: number): RepeatStep {
  if (state.kind === 'ended') return { state, commands: [] };
  switch (event.kind) {
    case 'stop':
      return ended(state.sent, 'stopped');
    case 'failed':
      return ended(state.sent, 'failed');
    case 'sent':
      return state.kind === 'sending' ? afterSend(plan, state, event.random, now) : { state, commands: [] };
    case 'replied':
      return state.kind === 'replying' ? next(plan, state, event.random, now) : { state, commands: [] };
    case 'timer':
      return afterTimer(plan, state, now);
    default:
      return assertNever(event);
  }
}

type Running = Exclude<RepeatState, { kind: 'ended' }>;

function afterSend(plan: RepeatPlan, { sent: before, dueMs }: Running, random: number, now: number): RepeatStep {
  const sent = before + 1;
  if (plan.replyMs === undefined) return next(plan, { kind: 'sending', sent, dueMs }, random, now);
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
  return state.kind === 'replying' ? ended(state.sent, 'unanswered') : send(plan, state, now);
}

function next(plan: RepeatPlan, { sent, dueMs: before }: Running, random: number, now: number): RepeatStep {
  if (sent >= plan.count) return ended(sent, 'done');
  const dueMs = before + plan.intervalMs + random * plan.jitterMs;
  const state = { kind: 'waiting', sent, dueMs } as const;
  return now < dueMs ? { state, commands: [{ kind: 'arm', atMs: dueMs }] } : send(plan, state, now);
}

function send({ intervalMs }: RepeatPlan, { sent, dueMs }: Running, now: number): RepeatStep {
  const isMissed = now - dueMs >= intervalMs;
  return { state: { kind: 'sending', sent, dueMs: isMissed ? now : dueMs }, commands: [{ kind: 'send' }] };
}

function ended(sent: number, end: RepeatEnd): RepeatStep {
  return { state: { kind: 'ended', sent, end }, commands: [{ kind: 'end' }] };
}
