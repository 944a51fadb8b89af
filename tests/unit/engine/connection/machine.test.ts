import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { IllegalEventError } from '#engine/connection/machine.ts';
import type { QueuedSend } from '#engine/connection/queued-send.ts';
import { connectionStates } from '#shared/socket/state.ts';
import { transitionsIn } from '#shared/socket/transitions.ts';
import { cases, Reached } from '#support/cases.ts';
import {
  answer,
  close,
  closed,
  Dialogue,
  failed,
  handshakeFailed,
  noted,
  read,
  reframe,
  resynchronise,
  type Said,
  send,
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

/** What a property tries: an event, a send that is created when it is queued (it can be queued once), or milliseconds that pass. */
type Attempt = Said | number | { readonly send: 'send' | 'answer'; readonly content: string | number };

const anything: fc.Arbitrary<Attempt> = fc.oneof(
  { weight: 8, arbitrary: text.map(read) },
  { weight: 4, arbitrary: size.map((content) => ({ send: 'send' as const, content })) },
  { weight: 4, arbitrary: size.map((content) => ({ send: 'answer' as const, content })) },
  { weight: 12, arbitrary: fc.constant(written) },
  { weight: 3, arbitrary: fc.constantFrom<Said>('pause', 'resume', 'congested', 'log-drained', noted) },
  { weight: 3, arbitrary: fc.constantFrom<Said>(reframe('line'), reframe('raw'), reframe('json'), resynchronise) },
  { weight: 5, arbitrary: fc.constantFrom<Said>('shutdown', 'peer-fin', 'peer-fin-half-open') },
  { weight: 1, arbitrary: fc.constantFrom<Said>(close(), close('stopped'), 'reset') },
  { weight: 1, arbitrary: fc.constantFrom<Said>(closed, handshakeFailed, failed('ECONNRESET'), writeFailed) },
  { weight: 6, arbitrary: fc.constant<Said>('handshake-done') },
  { weight: 4, arbitrary: fc.constantFrom(1, 50, 1_000) },
);

function saidIn(attempt: Exclude<Attempt, number>): Said {
  if (typeof attempt === 'string' || 'kind' in attempt) return attempt;
  return attempt.send === 'send' ? send(attempt.content) : answer(attempt.content);
}

/** A dialogue in which only what can happen does: writes are accepted in their order, and timers fire when they are due. */
class World {
  readonly dialogue = new Dialogue({ framing: 'gap:50', limits: { idleMs: 2_000, maxMessage: 50 } });
  read = '';
  accepted = '';
  readonly sends = new Set<QueuedSend>();
  #answered = 0;
  #broken = false;

  happen(attempt: Attempt): void {
    if (typeof attempt === 'number') {
      this.#pass(attempt);
      return;
    }
    const said = saidIn(attempt);
    if (typeof said === 'object' && 'send' in said) this.sends.add(said.send);
    const kind = typeof said === 'string' ? said : said.kind;
    if (!transitionsIn(this.dialogue.state)[kind]) return;
    const event = typeof said === 'string' ? undefined : said;
    if (event?.kind === 'written') {
      const bytes = this.dialogue.written[this.#answered];
      if (!bytes || this.#broken) return;
      this.#answered += 1;
      this.#broken = !event.accepted;
      // After the end it is not known any more: the bytes in flight are a record.
      if (event.accepted && this.dialogue.state !== 'closed') this.accepted += Buffer.from(bytes).toString('latin1');
    }
    if (event?.kind === 'read') this.read += Buffer.from(event.bytes).toString('latin1');
    this.dialogue.say(said);
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

describe('whatever happens to a connection', () => {
  test('every byte is recorded once and in order, it ends once, and its records give the state of the table', () => {
    const reached = new Reached<string>();
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 60, size: 'max' }), (events) => {
        const world = new World();
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
      }),
      cases(500),
    );
    reached.expectEach(Object.keys(connectionStates), 5);
  });

  test('every send ends exactly once, with the bytes that the kernel has accepted of it', () => {
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 60, size: 'max' }), (events) => {
        const world = new World();
        const { dialogue } = world;
        for (const attempt of ['start', 'handshake-done', ...events] as Attempt[]) world.happen(attempt);
        if (dialogue.state !== 'closed') dialogue.say(closed);
        expect(new Set(dialogue.settled.map(([send]) => send))).toEqual(world.sends);
        expect(dialogue.settled).toHaveLength(world.sends.size);
        expect(dialogue.settled.reduce((sum, [, sent]) => sum + sent, 0)).toBe(world.accepted.length);
        expect(dialogue.machine.sent.queued).toBe(0);
      }),
      cases(200),
    );
  });
});
