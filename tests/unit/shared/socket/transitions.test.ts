import { expect, test } from 'vitest';
import { reduce } from '#shared/socket/event.ts';
import { type ConnectionState, connectionStates, initialState, recordedFins } from '#shared/socket/state.ts';
import { type ConnectionEvent, transitions, transitionsIn } from '#shared/socket/transitions.ts';

const states = Object.keys(connectionStates) as ConnectionState[];

test('no two rows say what the same event does in the same state', () => {
  const cells = transitions.flatMap(({ from, events }) =>
    from.flatMap((state) => events.map((event) => `${state} ${event}`)),
  );
  expect(cells.filter((cell, index) => cells.indexOf(cell) !== index)).toEqual([]);
});

/** The states that can follow `state`. */
function following(state: ConnectionState): ConnectionState[] {
  return transitions.flatMap(({ from, to }) => (from.includes(state) && to !== 'same' ? [to] : []));
}

test('every state can be reached, and the end from every state; nothing leads out of the end', () => {
  const reach = (start: ConnectionState) => {
    const reached = new Set([start]);
    for (const state of reached) for (const next of following(state)) reached.add(next);
    return reached;
  };
  expect([...reach('handshaking')].toSorted()).toEqual(states.toSorted());
  for (const state of states) expect(reach(state)).toContain('closed');
  expect(following('closed')).toEqual([]);
});

test('only the end records the terminal event', () => {
  const ends = transitions.filter(({ to, actions }) => (to === 'closed') !== actions.includes('end'));
  expect(ends).toEqual([]);
});

test('nothing that the user asks for is a bug in any state', () => {
  const asked: ConnectionEvent[] = [
    'send',
    'shutdown',
    'close',
    'reset',
    'pause',
    'resume',
    'reframe',
    'set-bad-frame',
    'cancel',
  ];
  const refused = states.flatMap((state) => asked.filter((event) => !transitionsIn(state)[event]));
  expect(refused).toEqual([]);
});

test('the states of the records are those of the table', () => {
  const local = { host: '127.0.0.1', port: 1, family: 4 } as const;
  const peer = { host: '127.0.0.1', port: 2, family: 4 } as const;
  const accepted = reduce(initialState, { kind: 'accepted', local, peer, listener: 1 });
  const shaking = reduce(initialState, { kind: 'accepted', local, peer, listener: 1, handshake: 'TLS' });
  expect(accepted).toMatchObject(connectionStates.open.recorded ?? {});
  expect(shaking).toMatchObject(connectionStates.handshaking.recorded ?? {});
  const shutdown = reduce(accepted, { kind: 'shutdown' });
  const ended = reduce(accepted, { kind: 'ended' });
  expect(shutdown).toMatchObject(recordedFins(true, false));
  expect(ended).toMatchObject(recordedFins(false, true));
  expect(reduce(shutdown, { kind: 'ended' })).toMatchObject(connectionStates['both-ended'].recorded ?? {});
  expect(reduce(ended, { kind: 'shutdown' })).toMatchObject(connectionStates['both-ended'].recorded ?? {});
});
