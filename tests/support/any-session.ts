import fc from 'fast-check';
import { Reader } from '#session/query/reader.ts';
import type { Mark, SocketInfo } from '#shared/record/record.ts';
import { everyEvent } from './every-event.ts';
import { type Expected, perform, recordSession, type Step } from './session-script.ts';

/** A session with everything that one may hold: many sockets of every transport, every event, gaps, marks and notes. */
export interface AnySession {
  readonly script: readonly Step[];
  /** Which records a person marked, as parts of all of them from 0 to 999. */
  readonly marks: readonly (Omit<Mark, 'seq'> & { readonly part: number })[];
}

const socketCount = 40;
/** Mostly neighbours: a number that stands for a socket and something else is soon that of the next socket. */
const socket = fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: socketCount }));
const direction = fc.constantFrom('in' as const, 'out' as const);

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant('run' as const),
        socket,
        direction,
        carryOver: fc.constantFrom(0, 0, 3, 300),
        sizes: fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 6 }),
        rest: fc.nat(9),
        flags: fc.constantFrom(0, 0, 1, 2, 6, 16, 32),
        isText: fc.boolean(),
      }),
    },
    {
      weight: 5,
      arbitrary: fc.record({ do: fc.constant('event' as const), socket, event: fc.constantFrom(...everyEvent) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constant('read' as const), socket, length: fc.integer({ min: 1, max: 900 }) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant('skip' as const), socket, direction, length: fc.nat(70_000) }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('flush' as const) }) },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(0.25, 3, 5_000, -500) }),
    },
  ),
  { maxLength: 60, size: 'max' },
);

const note = fc.oneof(fc.constant(''), fc.string({ maxLength: 30, unit: 'binary' }));

export const anySession: fc.Arbitrary<AnySession> = fc.record({
  script: steps,
  marks: fc.array(fc.record({ part: fc.nat(999), bookmarked: fc.boolean(), note }), { maxLength: 5 }),
});

/** Socket `id` of a session: every transport has its turn, a UDP peer too, and one of them has no addresses. */
export function anySocket(id: number): SocketInfo {
  const about = { id, endpoint: `e-${id % 3}`, name: id % 5 === 0 ? '=1+1, "n"' : 'n', framing: 'line' } as const;
  const peer = `127.0.0.1:${50_000 + id}`;
  const tcp = { ...about, role: 'accepted', transport: 'tcp', local: '127.0.0.1:9', peer } as const;
  switch (id % 7) {
    case 0:
      return { ...tcp, transport: 'udp', peer: `[2001:db8::${id.toString(16)}]:9`, local: '[::1]:9' };
    case 3:
      return { ...tcp, transport: 'tls', role: 'outgoing' };
    case 4:
      return { ...tcp, transport: 'ws' };
    case 5:
      return { ...tcp, role: 'listener', peer: '' };
    case 6:
      return { ...tcp, transport: 'local', local: '/run/a "socket"', peer: '' };
    default:
      return id === 1 ? { ...tcp, local: '', peer: '' } : tcp;
  }
}

/** Writes `session` to `path`, ended in order; gives what it holds. */
export function writeAnySession(path: string, { script, marks }: AnySession): Expected[] {
  const { value: expected } = recordSession(
    path,
    (recorder) => {
      for (let id = 1; id <= socketCount; id += 1) recorder.describe(anySocket(id));
      return perform(script, recorder, () => recorder.flush());
    },
    true,
  );
  if (expected.length > 0 && marks.length > 0) {
    const seqOf = (part: number) => Math.floor((part * expected.length) / 1_000);
    addMarks(
      path,
      marks.map(({ part, ...mark }) => ({ seq: seqOf(part), ...mark })),
    );
  }
  return expected;
}

function addMarks(path: string, marks: readonly Mark[]): void {
  const reader = new Reader(path, false);
  try {
    const opened = reader.open(Number.POSITIVE_INFINITY);
    if (!opened.ok) throw new Error(opened.error.system);
    while (!reader.scan.finished) reader.scan.run(1_000);
    const added = reader.append({ marks });
    if (!added.ok) throw new Error(added.error.system);
  } finally {
    reader.close();
  }
}
