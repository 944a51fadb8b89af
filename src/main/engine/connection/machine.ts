import { assertNever } from '#shared/assert-never.ts';
import type { EndpointConfig } from '#shared/endpoint/endpoint-config.ts';
import type { Address } from '#shared/socket/address.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import { type ConnectionState, connectionStates } from '#shared/socket/state.ts';
import { type ConnectionAction, transitionsIn } from '#shared/socket/transitions.ts';
import type { CallFailure } from '../failures.ts';
import { Ending, unsentEvent } from './ending.ts';
import { Incoming, type Received } from './incoming.ts';
import { Pauses } from './pauses.ts';
import { SendQueue, type SentSoFar } from './send-queue.ts';
import type { Command, MachineEvent } from './step.ts';
import { Idle } from './timers.ts';

/** The time that a close waits for a peer that does not receive the queued bytes. Milliseconds. */
const closeGraceMs = 5_000;

export interface MachineOptions {
  readonly config: Pick<EndpointConfig, 'framing' | 'badFrame' | 'limits'>;
  /** The transport carries messages: nothing is framed. */
  readonly messageOriented: boolean;
  /** Received messages are answered: `respond` asks for the answers. */
  readonly responds: boolean;
  readonly peer: Address;
}

/** An event that the transition table does not have in the current state: a bug of the driver or of the shell. */
export class IllegalEventError extends Error {
  constructor(event: string, state: ConnectionState) {
    super(`internal error: a connection in the state “${state}” received the event “${event}”`);
  }
}

/**
 * One connection as a state machine without input and output: it gets events and returns commands. The transition
 * table (`shared/socket/transitions.ts`) says which actions follow an event; this class says what each of them does. It calls
 * nothing and reads no clock, so that the same events give the same commands.
 */
export class ConnectionMachine {
  readonly #options: MachineOptions;
  /** The commands of the current step. */
  readonly #out: Command[] = [];
  readonly #incoming: Incoming;
  readonly #queue: SendQueue;
  readonly #pauses: Pauses;
  readonly #idle: Idle;
  #state: ConnectionState = 'handshaking';
  #transitions = transitionsIn('handshaking');
  /** Something follows in this state once nothing is queued. */
  #drains = false;
  readonly #ending = new Ending();
  #graceArmed = false;

  constructor(options: MachineOptions) {
    const { config, messageOriented } = options;
    this.#options = options;
    this.#incoming = new Incoming({ config, messageOriented, out: this.#out });
    this.#queue = new SendQueue({ messageOriented, out: this.#out, framing: this.#incoming });
    this.#pauses = new Pauses(this.#out, this.#incoming);
    this.#idle = new Idle(config.limits, this.#out);
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** The received bytes, and their framing. */
  get received(): Received {
    return this.#incoming;
  }

  /** The sent and the queued bytes. */
  get sent(): SentSoFar {
    return this.#queue;
  }

  /** True where the user has stopped reading. */
  get readingStopped(): boolean {
    return this.#pauses.byUser;
  }

  /** The failure that ended the connection, if any. */
  get failure(): CallFailure | undefined {
    return this.#ending.failure;
  }

  /** True where the user has closed or reset the connection, even after the peer's FIN. */
  get endedByUs(): boolean {
    return this.#ending.byUs;
  }

  /**
   * Handles one event at the time `now` (milliseconds from any origin, never less than before). Returns the commands to execute
   * in this order; the list is valid until the next call. Throws an `IllegalEventError` and does nothing where the transition table
   * has no such event in the current state.
   */
  step(event: MachineEvent, now: number): readonly Command[] {
    const transition = this.#transitions[event.kind];
    if (!transition) throw new IllegalEventError(event.kind, this.#state);
    this.#out.length = 0;
    const idleBefore = this.#queue.idle;
    // A queue that was filled again in the meantime is not drained.
    if (event.kind === 'drained' && !idleBefore) return this.#out;
    const { actions } = transition;
    for (let index = 0; index < actions.length; index += 1) this.#act(actions[index] as ConnectionAction, event, now);
    if (transition.to !== 'same') this.#enter(transition.to);
    if (!idleBefore && this.#drains && this.#queue.idle) this.#out.push(raiseDrained);
    if (actions.length > 0) this.#out.push(changed);
    return this.#out;
  }

  #enter(state: ConnectionState): void {
    this.#state = state;
    this.#transitions = transitionsIn(state);
    this.#drains = (this.#transitions.drained?.actions.length ?? 0) > 0;
    this.#incoming.answers = this.#options.responds && connectionStates[state].answers === true;
  }

  #act(action: ConnectionAction, event: MachineEvent, now: number): void {
    switch (action) {
      case 'frame':
        if (event.kind !== 'read') return;
        this.#idle.received(now);
        this.#incoming.read(event.bytes, event.flags, now);
        return;
      case 'queue':
      case 'go-on-sending':
        this.#send(event, now);
        return;
      case 'attach':
      case 'stop-sending':
        this.#switchSending(action, now);
        return;
      case 'end-stream':
        this.#incoming.end();
        return;
      case 'end':
        this.#end(event.kind === 'closed' ? event.text : undefined);
        return;
      case 'keep-failure':
      case 'keep-cause':
        this.#ending.keep(event, connectionStates[this.#state].recorded?.writeEnded === true);
        if (event.kind === 'reset') this.#idle.stop();
        return;
      case 'refuse':
        if ('send' in event) this.#out.push({ kind: 'settle', send: event.send, sent: 0, complete: false });
        return;
      case 'drain':
        this.#out.push(raiseDrained);
        return;
      case 'read-to-end':
        this.#readToEnd(now);
        return;
      case 'control-reading':
        this.#controlReading(event, now);
        return;
      case 'change-framing':
        if (event.kind === 'reframe') this.#incoming.reframe(event.framing, event.badFrame, now);
        if (event.kind === 'set-bad-frame') this.#incoming.setBadFrame(event.badFrame, now);
        return;
      case 'watch-idle':
      case 'check-time':
        this.#checkTime(event, now);
        return;
      case 'record-ended':
      case 'record-shutdown':
      case 'record-noted':
      case 'record-unsent':
        this.#recordFor(action, event);
        return;
      case 'abort-handshake':
      case 'end-writing':
      case 'close-both':
      case 'reset-both':
      case 'destroy':
        this.#out.push({ kind: action });
        return;
      default:
        assertNever(action);
    }
  }

  #recordFor(action: ConnectionAction, event: MachineEvent): void {
    const { queued } = this.#queue;
    if (action === 'record-ended') this.#record({ kind: 'ended' });
    else if (action === 'record-shutdown') this.#record({ kind: 'shutdown' });
    else if (event.kind === 'noted') this.#record(event.event);
    else if (queued > 0) this.#record(unsentEvent(queued));
  }

  #send(event: MachineEvent, now: number): void {
    const queue = this.#queue;
    if (event.kind === 'written') queue.written(event.accepted, now);
    else if (event.kind === 'send' || event.kind === 'answer') queue.push(event.send, now);
    else if (event.kind === 'cancel') queue.cancel(event.send, now);
    else if (event.kind === 'loaded') queue.loaded(event.send, event.batch, event.failed, now);
    else if (event.kind === 'pace-due') queue.paceDue();
    this.#idle.sent(now);
    // Reading pauses from a peer that does not receive its answers, so that they cannot fill the memory.
    const isFull = queue.answersFull;
    if (isFull) this.#pauses.pause('peer', queue.queued, now);
    else if (isFull === false) this.#pauses.resume('peer', now);
  }

  #switchSending(action: 'attach' | 'stop-sending', now: number): void {
    if (action === 'stop-sending') {
      this.#queue.stop();
      return;
    }
    this.#pauses.attach();
    this.#queue.release(now);
  }

  #controlReading({ kind }: MachineEvent, now: number): void {
    const { queued } = this.#queue;
    if (kind === 'pause') this.#pauses.pause('user', queued, now);
    else if (kind === 'resume') this.#pauses.resume('user', now);
    else if (kind === 'congested') this.#pauses.pause('log', queued, now);
    else if (kind === 'log-drained') this.#pauses.resume('log', now);
    else if (kind === 'long-pause') this.#pauses.long(queued);
  }

  /** Prepares the end of both sides: what the peer still sends is read, and the queued bytes have a grace. */
  #readToEnd(now: number): void {
    this.#graceArmed = true;
    this.#out.push({ kind: 'arm', timer: 'grace-over', ms: closeGraceMs });
    this.#idle.stop();
    this.#pauses.finish(now);
  }

  #checkTime({ kind }: MachineEvent, now: number): void {
    if (kind === 'start') this.#idle.start(now);
    else if (kind === 'gap-over') this.#incoming.gapOver(now);
    else if (kind === 'overdue-check') this.#incoming.checkOverdue(now);
    const expired = kind === 'idle-check' ? this.#idle.check(now) : undefined;
    if (!expired) return;
    this.#record(expired);
    this.#out.push({ kind: 'raise', event: { kind: 'close', cause: 'timeout' } });
  }

  #end(text: string | undefined): void {
    if (this.#graceArmed) this.#out.push({ kind: 'disarm', timer: 'grace-over' });
    this.#idle.stop();
    this.#pauses.end();
    this.#incoming.end();
    const inFlight = this.#queue.end();
    const transferred = { bytesIn: this.#incoming.bytes, bytesOut: this.#queue.bytes, inFlight };
    for (const event of this.#ending.events(this.#options.peer, transferred, text)) this.#record(event);
    this.#out.push({ kind: 'ended' });
  }

  #record(event: SocketEvent): void {
    this.#out.push({ kind: 'record', event });
  }
}

const changed: Command = { kind: 'changed' };
const raiseDrained: Command = { kind: 'raise', event: { kind: 'drained' } };
