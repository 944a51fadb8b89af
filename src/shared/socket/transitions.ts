import { type ConnectionState, connectionStates } from './state.ts';

/**
 * What can happen to a connection: what its driver reports, what the session and the clock report, and what the user asks for.
 * `drained`: nothing is queued any more, in a state in which that matters.
 */
export type ConnectionEvent =
  | 'start'
  | 'handshake-done'
  | 'handshake-failed'
  | 'read'
  | 'written'
  | 'loaded'
  | 'peer-fin'
  | 'peer-fin-half-open'
  | 'noted'
  | 'failed'
  | 'closed'
  | 'congested'
  | 'log-drained'
  | 'drained'
  | 'answer'
  | 'grace-over'
  | 'idle-check'
  | 'gap-over'
  | 'overdue-check'
  | 'pace-due'
  | 'long-pause'
  | 'send'
  | 'cancel'
  | 'shutdown'
  | 'close'
  | 'reset'
  | 'pause'
  | 'resume'
  | 'reframe'
  | 'set-bad-frame';

/** One thing that the machine does in a transition; `machine.ts` of the engine says how. */
export type ConnectionAction =
  | 'watch-idle'
  | 'attach'
  | 'abort-handshake'
  | 'frame'
  | 'end-stream'
  | 'record-ended'
  | 'record-shutdown'
  | 'record-noted'
  | 'record-unsent'
  | 'keep-failure'
  | 'keep-cause'
  | 'end-writing'
  | 'close-both'
  | 'reset-both'
  | 'destroy'
  | 'end'
  | 'queue'
  | 'refuse'
  | 'go-on-sending'
  | 'stop-sending'
  | 'drain'
  | 'read-to-end'
  | 'control-reading'
  | 'change-framing'
  | 'check-time';

/** In each state of `from`, each of `events` leads to the state `to` (`same`: it stays). Without actions, the event is ignored. */
interface Transition {
  readonly from: readonly ConnectionState[];
  readonly events: readonly ConnectionEvent[];
  readonly to: ConnectionState | 'same';
  readonly actions: readonly ConnectionAction[];
}

const shaking = ['handshaking', 'handshaking-finishing'] as const;
/** Our FIN follows the queued bytes. */
const finishing = ['finishing', 'read-ended-finishing', 'answering'] as const;
const usable = ['open', 'read-ended', ...finishing, 'write-ended', 'both-ended', 'answered'] as const;
/** The user has closed the connection. */
const leaving = ['flushing', 'closing'] as const;
/** Nothing is sent any more, except what `flushing` has queued. */
const finished = ['write-ended', 'both-ended', 'answered', ...leaving, 'aborting'] as const;
const attached = [...usable, ...leaving, 'aborting'] as const;
const live = [...shaking, ...attached] as const;
/** The peer may still send. */
const readable = ['open', 'finishing', 'write-ended', ...leaving, 'aborting'] as const;
const fins = ['peer-fin', 'peer-fin-half-open'] as const;

type Row = readonly [
  from: ConnectionState | readonly ConnectionState[],
  event: ConnectionEvent | readonly ConnectionEvent[],
  to: ConnectionState | 'same',
  ...actions: ConnectionAction[],
];

// What still arrives for a connection that has ended, and is ignored.
const late = [
  ...([
    'handshake-done',
    'handshake-failed',
    'written',
    'loaded',
    'noted',
    'congested',
    'log-drained',
    'drained',
  ] as const),
  ...(['cancel', 'shutdown', 'close', 'reset', 'pause', 'resume', 'reframe', 'set-bad-frame'] as const),
];

// biome-ignore format: a table is read by its columns.
const rows: readonly Row[] = [
  // The handshake. Our FIN must wait for its end; close and reset abort it.
  ['handshaking', 'start', 'same', 'watch-idle'],
  ['handshaking', 'handshake-done', 'open', 'attach'],
  ['handshaking-finishing', 'handshake-done', 'finishing', 'attach', 'drain'],
  [shaking, 'handshake-failed', 'closed', 'keep-failure', 'destroy', 'end'],
  [shaking, 'close', 'closed', 'keep-cause', 'abort-handshake', 'destroy', 'end'],
  [shaking, 'reset', 'closed', 'keep-cause', 'reset-both', 'abort-handshake', 'destroy', 'end'],
  // Receiving. The peer’s FIN is answered, unless half-open connections are kept.
  [readable, 'read', 'same', 'frame'],
  ['open', 'peer-fin', 'answering', 'end-stream', 'keep-cause', 'record-ended', 'drain'],
  ['open', 'peer-fin-half-open', 'read-ended', 'end-stream', 'keep-cause', 'record-ended'],
  ['finishing', fins, 'read-ended-finishing', 'end-stream', 'keep-cause', 'record-ended'],
  ['write-ended', fins, 'both-ended', 'end-stream', 'keep-cause', 'record-ended'],
  [[...leaving, 'aborting'], fins, 'same'],
  // Sending. Answers to what was received before a FIN are sent before our FIN.
  [['handshaking', 'open', 'read-ended'], 'send', 'same', 'queue'],
  [['handshaking-finishing', ...finishing, ...finished, 'closed'], 'send', 'same', 'refuse'],
  [['open', 'read-ended', ...finishing], 'answer', 'same', 'queue'],
  [[...finished, 'closed'], 'answer', 'same', 'refuse'],
  [attached, ['written', 'loaded', 'pace-due'], 'same', 'go-on-sending'],
  [live, 'cancel', 'same', 'go-on-sending'],
  // Our FIN, once nothing is queued.
  ['handshaking', 'shutdown', 'handshaking-finishing'],
  ['open', 'shutdown', 'finishing', 'drain'],
  [['read-ended', 'answering'], 'shutdown', 'read-ended-finishing', 'drain'],
  [['handshaking-finishing', 'finishing', 'read-ended-finishing', ...finished], 'shutdown', 'same'],
  ['finishing', 'drained', 'write-ended', 'record-shutdown', 'end-writing'],
  ['read-ended-finishing', 'drained', 'both-ended', 'record-shutdown', 'end-writing'],
  ['answering', 'drained', 'answered', 'end-writing'],
  // The end. A second close, or the end of the grace, gives up what is still queued.
  [usable, 'close', 'flushing', 'keep-cause', 'read-to-end', 'drain'],
  ['flushing', 'drained', 'closing', 'close-both'],
  [leaving, ['close', 'grace-over'], 'aborting', 'record-unsent', 'stop-sending', 'destroy'],
  ['aborting', ['close', 'grace-over'], 'same', 'destroy'],
  [[...usable, ...leaving], 'reset', 'aborting', 'keep-cause', 'stop-sending', 'reset-both'],
  ['aborting', 'reset', 'same'],
  [attached, 'failed', 'same', 'keep-failure'],
  [attached, 'closed', 'closed', 'end'],
  // Reading pauses and resumes beside these states; a connection that ends is read to its end.
  [[...shaking, ...usable], ['pause', 'resume'], 'same', 'control-reading'],
  [[...leaving, 'aborting'], ['pause', 'resume'], 'same'],
  [live, ['congested', 'log-drained', 'long-pause'], 'same', 'control-reading'],
  // What changes no state.
  [live, 'noted', 'same', 'record-noted'],
  [live, ['reframe', 'set-bad-frame'], 'same', 'change-framing'],
  [live, 'idle-check', 'same', 'check-time'],
  [attached, ['gap-over', 'overdue-check'], 'same', 'check-time'],
  [['write-ended', 'both-ended', 'answered', 'closing', 'aborting'], 'drained', 'same'],
  ['closed', late, 'same'],
];

/** The transition table. A pair of a state and an event that it does not have is a bug. */
export const transitions: readonly Transition[] = rows.map(([from, event, to, ...actions]) => ({
  from: typeof from === 'string' ? [from] : from,
  events: typeof event === 'string' ? [event] : event,
  to,
  actions,
}));

type Cells = Partial<Record<ConnectionEvent, Transition>>;

const cells = {} as Record<ConnectionState, Cells>;
for (const state of Object.keys(connectionStates) as ConnectionState[]) cells[state] = {};
for (const transition of transitions) {
  for (const state of transition.from) {
    for (const event of transition.events) cells[state][event] = transition;
  }
}

/** Returns the transition of each event in `state`; an event without one is a bug. */
export function transitionsIn(state: ConnectionState): Readonly<Cells> {
  return cells[state];
}
