import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { IllegalEventError } from '#engine/connection/machine.ts';
import { Pacer, type QueuedSend } from '#engine/connection/sends.ts';
import type { Pace } from '#shared/contract/models.ts';
import { connectionStates } from '#shared/socket/state.ts';
import { transitionsIn } from '#shared/socket/transitions.ts';
import { cases, Reached } from '#support/cases.ts';
import {
  close,
  closed,
  Dialogue,
  failed,
  fileSend,
  handshakeFailed,
  loaded,
  noted,
  notLoaded,
  read,
  reframe,
  resynchronise,
  type Said,
  send,
  sendOf,
  writeFailed,
  written,
} from '#support/dialogue.ts';

test.each<[string, Said]>([
  ['a read before the handshake is done', read('x')],
  ['an end before the handshake is done', closed],
  ['a second start after the end', 'start'],
])('%s is a bug, and changes nothing', (_name, said) => {
  const dialogue = new Dialogue();
  if (said === 'start') dialogue.say(close());
  const { state } = dialogue;
  expect(() => dialogue.say(said)).toThrow(IllegalEventError);
  expect([dialogue.state, dialogue.log.streamLength(dialogue.lifecycle.id, 'in')]).toEqual([state, 0]);
});

test('a read after the peer’s FIN is a bug', () => {
  const dialogue = new Dialogue();
  for (const said of ['handshake-done', 'peer-fin'] as const) dialogue.say(said);
  expect(() => dialogue.say(read('x'))).toThrow('in the state “answered”');
});

const text = fc.string({ maxLength: 12, unit: fc.constantFrom('a', 'b', '\n', '{', '}') });
const size = fc.oneof({ weight: 4, arbitrary: text }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 700_000 }) });
const pace: Pace = { bytesPerSecond: 0, chunkBytes: 2, delayMs: 50, splits: [] };

/**
 * What a property tries: an event, a send that is created when it is queued (it can be queued once), the cancellation of one of the
 * sends, the loading of a file that a send waits for, or milliseconds that pass.
 */
type Attempt =
  | Said
  | number
  | { readonly send: 'send' | 'answer'; readonly content: string | number; readonly from: 'memory' | 'paced' | 'file' }
  | { readonly cancel: number }
  | { readonly load: string | 'end' | 'failure' };

const from = fc.constantFrom('memory', 'paced', 'file');
const queued = (kind: 'send' | 'answer') => fc.record({ send: fc.constant(kind), content: size, from });

const anything: fc.Arbitrary<Attempt> = fc.oneof(
  { weight: 8, arbitrary: text.map(read) },
  { weight: 4, arbitrary: queued('send') },
  { weight: 4, arbitrary: queued('answer') },
  { weight: 2, arbitrary: fc.record({ cancel: fc.nat(7) }) },
  { weight: 6, arbitrary: fc.record({ load: fc.oneof(text, fc.constantFrom('end', 'failure')) }) },
  { weight: 12, arbitrary: fc.constant(written) },
  { weight: 3, arbitrary: fc.constantFrom<Said>('pause', 'resume', 'congested', 'log-drained', noted) },
  { weight: 3, arbitrary: fc.constantFrom<Said>(reframe('line'), reframe('raw'), reframe('json'), resynchronise) },
  { weight: 5, arbitrary: fc.constantFrom<Said>('shutdown', 'peer-fin', 'peer-fin-half-open') },
  { weight: 1, arbitrary: fc.constantFrom<Said>(close(), close('stopped'), 'reset') },
  { weight: 1, arbitrary: fc.constantFrom<Said>(closed, handshakeFailed, failed('ECONNRESET'), writeFailed) },
  { weight: 6, arbitrary: fc.constant<Said>('handshake-done') },
  { weight: 6, arbitrary: fc.constantFrom(1, 50, 50, 1_000) },
);

/** Conversations: over a stream that is framed, and over a transport of messages such as WebSocket. */
const conversations = fc.record({
  messageOriented: fc.boolean(),
  events: fc.array(anything, { maxLength: 60, size: 'max' }),
});

/** A dialogue in which only what can happen does: writes are accepted in their order, files are loaded when asked for, and timers fire when they are due. */
class World {
  readonly dialogue: Dialogue;
  read = '';
  accepted = '';
  readonly sends: QueuedSend[] = [];
  readonly #messageOriented: boolean;
  #answered = 0;
  #broken = false;

  constructor(messageOriented: boolean) {
    this.#messageOriented = messageOriented;
    this.dialogue = new Dialogue({ messageOriented, framing: 'gap:50', limits: { idleMs: 2_000, maxMessage: 50 } });
  }

  happen(attempt: Attempt): void {
    if (typeof attempt === 'number') {
      this.#pass(attempt);
      return;
    }
    const said = this.#saidIn(attempt);
    if (said === undefined) return;
    const kind = typeof said === 'string' ? said : said.kind;
    if (!transitionsIn(this.dialogue.state)[kind]) return;
    const event = typeof said === 'string' ? undefined : said;
    if (event?.kind === 'written' && !this.#write(event.accepted)) return;
    if (event?.kind === 'read') this.read += Buffer.from(event.bytes).toString('latin1');
    if (event?.kind === 'send' || event?.kind === 'answer') this.sends.push(event.send);
    if (event?.kind === 'loaded') this.dialogue.loading.shift();
    this.dialogue.say(said);
  }

  #saidIn(attempt: Exclude<Attempt, number>): Said | undefined {
    if (typeof attempt === 'string' || 'kind' in attempt) return attempt;
    if ('cancel' in attempt) {
      const send = this.sends.at(-1 - attempt.cancel);
      return send && { kind: 'cancel', send };
    }
    if ('load' in attempt) {
      const [send] = this.dialogue.loading;
      if (!send) return undefined;
      return attempt.load === 'failure'
        ? notLoaded(send)
        : loaded(send, attempt.load === 'end' ? undefined : attempt.load);
    }
    const more = { isAnswer: attempt.send === 'answer' };
    if (attempt.from === 'file') return { kind: attempt.send, send: fileSend(more) };
    const pacer = attempt.from === 'paced' && typeof attempt.content === 'string' ? new Pacer(pace) : undefined;
    return { kind: attempt.send, send: sendOf(attempt.content, { ...more, pacer }) };
  }

  /** The kernel accepts a write, or not. Returns false where there is no write that it could answer. */
  #write(accepted: boolean): boolean {
    const bytes = this.dialogue.written[this.#answered];
    if (!bytes || this.#broken) return false;
    this.#answered += 1;
    // A stream has ended with a failed write; of separate messages, only one is refused.
    this.#broken = !accepted && !this.#messageOriented;
    // After the end it is not known any more: the bytes in flight are a record.
    if (accepted && this.dialogue.state !== 'closed') this.accepted += Buffer.from(bytes).toString('latin1');
    return true;
  }

  #pass(ms: number): void {
    this.dialogue.pass(ms);
    for (const [timer, at] of [...this.dialogue.timers]) {
      if (at > this.dialogue.now || !this.dialogue.timers.has(timer)) continue;
      this.dialogue.timers.delete(timer);
      this.dialogue.say(timer as 'idle-check');
    }
  }
}

/** Checks that a socket was attached once, before anything else is asked of it but its end; that pauses of reading alternate with their ends; and that nothing follows the end. */
function expectOrderly(calls: Dialogue['calls']): void {
  expect(calls.filter((call) => call === 'ended')).toHaveLength(1);
  expect(calls.at(-1)).toBe('ended');
  const attached = calls.indexOf('attach');
  expect(calls.lastIndexOf('attach')).toBe(attached);
  const inUse = calls.filter((call) => call !== 'reset-both' && call !== 'abort-handshake' && call !== 'destroy');
  if (attached < 0) expect(inUse).toEqual(['ended']);
  else expect(inUse[0]).toBe('attach');
  const pauses = calls.filter((call) => call === 'pause-reading' || call === 'resume-reading');
  expect(pauses).toEqual(pauses.map((_, index) => (index % 2 === 0 ? 'pause-reading' : 'resume-reading')));
  for (const once of ['end-writing', 'close-both', 'reset-both'] as const) {
    expect(calls.filter((call) => call === once).length).toBeLessThan(2);
  }
  const fin = calls.findIndex((call) => call === 'end-writing' || call === 'close-both');
  if (fin >= 0) expect(calls.slice(fin)).not.toContain('write');
}

describe('whatever happens to a connection', () => {
  test('every byte is recorded once and in order, it ends once, and its records give the state of the table', () => {
    const reached = new Reached<string>();
    fc.assert(
      fc.property(conversations, ({ messageOriented, events }) => {
        const world = new World(messageOriented);
        const { dialogue } = world;
        const { log, lifecycle } = dialogue;
        lifecycle.emit({
          kind: 'accepted',
          local: { host: '::1', port: 1, family: 6 },
          peer: { host: '::1', port: 2, family: 6 },
          listener: 1,
          handshake: 'TLS',
        });
        dialogue.say('start');
        for (const said of events) {
          const shaking = dialogue.state.startsWith('handshaking');
          world.happen(said);
          if (shaking && (dialogue.state === 'open' || dialogue.state === 'finishing')) {
            lifecycle.emit({ kind: 'upgraded', url: '', protocol: '', elapsedMs: 0 });
          }
          reached.note(dialogue.state);
          const { recorded } = connectionStates[dialogue.state];
          if (recorded) expect(lifecycle.state).toMatchObject(recorded);
          expect(world.read.startsWith(log.stream(lifecycle.id, 'in').toString('latin1'))).toBe(true);
          expect(log.streamLength(lifecycle.id, 'out')).toBeLessThanOrEqual(world.accepted.length);
        }
        if (dialogue.state !== 'closed') dialogue.say(dialogue.state.startsWith('handshaking') ? close() : closed);
        for (const late of [written, close(), 'reset', send('late'), noted] as Said[]) dialogue.say(late);

        const kinds = log.kinds(lifecycle.id);
        expect(kinds.filter((kind) => kind === 'closed')).toHaveLength(1);
        expect(kinds.at(-1)).toBe('closed');
        expect(log.records.map(({ seq }) => seq)).toEqual(log.records.map((_, index) => index));
        expect(log.stream(lifecycle.id, 'in').toString('latin1')).toBe(world.read);
        expect(log.stream(lifecycle.id, 'out').toString('latin1')).toBe(world.accepted);
        const end = log.of(lifecycle.id).at(-1)?.event;
        expect(end).toMatchObject({ bytesIn: world.read.length, bytesOut: world.accepted.length });
        expect([...dialogue.timers.keys()]).toEqual([]);
        expectOrderly(dialogue.calls);
      }),
      cases(500),
    );
    reached.expectEach(Object.keys(connectionStates), 5);
  });

  test('every send ends exactly once, with the bytes that the kernel has accepted of it', () => {
    const reached = new Reached<string>();
    fc.assert(
      fc.property(conversations, ({ messageOriented, events }) => {
        const world = new World(messageOriented);
        const { dialogue } = world;
        for (const attempt of ['start', 'handshake-done', ...events] as Attempt[]) world.happen(attempt);
        if (dialogue.state !== 'closed') dialogue.say(closed);
        expect(new Set(dialogue.settled.map(([send]) => send))).toEqual(new Set(world.sends));
        expect(dialogue.settled).toHaveLength(world.sends.length);
        expect(dialogue.settled.reduce((sum, [, sent]) => sum + sent, 0)).toBe(world.accepted.length);
        expect(dialogue.machine.sent.queued).toBe(0);
        for (const pair of dialogue.met) reached.note(pair.slice(pair.indexOf(' ') + 1));
      }),
      cases(300),
    );
    reached.expectEach(['cancel', 'loaded', 'pace-due', 'written', 'congested'], 5);
  });
});
