import { expect, test } from 'vitest';
import { Connection } from '#engine/connection/connection.ts';
import { Lifecycle } from '#engine/connection/recording.ts';
import type { StreamHandlers, StreamSocket } from '#engine/drivers/driver.ts';
import { defaultServer } from '#shared/endpoint/endpoint-config.ts';
import { sendOf } from '#support/dialogue.ts';
import { MemoryLog } from '#support/memory-log.ts';
import { acceptedSocket } from '#support/session.ts';

const end = { host: '192.0.2.1', port: 7, family: 4 } as const;

/** A driver's stream of which a test plays the kernel: every call is listed, every write is accepted at once. */
class FakeSocket implements StreamSocket {
  readonly local = end;
  readonly peer = end;
  readonly calls: string[] = [];
  handlers: StreamHandlers | undefined;

  attach(handlers: StreamHandlers): void {
    this.handlers = handlers;
    this.calls.push('attach');
  }

  write(bytes: Uint8Array, done: (accepted: boolean) => void): void {
    this.calls.push(`write ${Buffer.from(bytes).toString('latin1')}`);
    done(true);
  }

  endWriting = () => this.#call('endWriting');
  close = () => this.#call('close');
  reset = () => this.#call('reset');
  destroy = () => this.#call('destroy');
  pause = () => this.#call('pause');
  resume = () => this.#call('resume');

  #call(name: string): void {
    this.calls.push(name);
  }
}

/** A connection over such a stream that answers each read with it. */
function connect(log = new MemoryLog(), socket = new FakeSocket()) {
  const lifecycle = new Lifecycle(log, acceptedSocket, () => {});
  const connection = new Connection({
    log,
    lifecycle,
    socket,
    config: defaultServer,
    messageOriented: false,
    handshakeMs: 1_000,
    keepsHalfOpen: () => false,
    respond: ({ chunk }) => [{ kind: 'answer', send: sendOf(Buffer.from(chunk).toString('latin1')) }],
    changed: () => {},
    closed: () => socket.calls.push('closed'),
  });
  const started = connection.start();
  return { log, socket, connection, lifecycle, started };
}

test('a socket that calls back at once is handled one event after another', () => {
  const { log, socket, connection } = connect();
  socket.handlers?.data(Buffer.from('hello'));
  socket.handlers?.ended();
  socket.handlers?.closed();
  expect(socket.calls).toEqual(['attach', 'write hello', 'endWriting', 'closed']);
  expect(log.kinds(connection.id)).toEqual(['in', 'out', 'ended', 'closed']);
});

test('a close from inside a record comes after what is being handled, and before its answer', () => {
  const log = new MemoryLog();
  const { socket, connection } = connect(log);
  const record = log.messages.bind(log);
  log.messages = (...message) => {
    if (message[1] === 'in') connection.close();
    return record(...message);
  };
  socket.handlers?.data(Buffer.from('hello'));
  socket.handlers?.closed();
  expect(socket.calls).toEqual(['attach', 'close', 'closed']);
  expect(log.kinds(connection.id)).toEqual(['in', 'closed']);
});

test('bytes that a socket hands over while commands are executed are kept, although it uses its buffer again', () => {
  const { log, socket, connection } = connect();
  const shared = Buffer.from('late!');
  socket.resume = () => {
    socket.handlers?.data(shared);
    shared.fill('x');
  };
  connection.setReading(false);
  connection.setReading(true);
  expect(String(log.stream(connection.id, 'in'))).toBe('late!');
});

test('an event that the driver must not report is recorded as an internal error, and the connection goes on', () => {
  const { log, socket, connection } = connect();
  socket.handlers?.ended();
  socket.handlers?.data(Buffer.from('after FIN'));
  socket.handlers?.closed();
  expect(log.kinds(connection.id)).toEqual(['ended', 'problem', 'closed']);
  expect(log.records[1]?.event).toMatchObject({ text: expect.stringContaining('internal error') });
});

test('a send whose signal is aborted is not sent, and one that is sent no longer listens to its signal', async () => {
  const { socket, connection } = connect();
  const abort = new AbortController();
  const sent = await connection.send(sendOf('one', { signal: abort.signal }));
  abort.abort();
  const refused = await connection.send(sendOf('two', { signal: abort.signal }));
  expect([sent, refused]).toEqual([
    { bytes: 3, complete: true },
    { bytes: 0, complete: false },
  ]);
  expect(socket.calls).toEqual(['attach', 'write one']);
});

test('reading pauses while the log is behind, and the connection no longer listens to the log after its end', () => {
  const { log, socket, connection } = connect();
  log.congested = true;
  socket.handlers?.data(Buffer.from('a'));
  log.drain();
  expect(socket.calls).toEqual(['attach', 'write a', 'pause', 'resume']);
  socket.handlers?.closed();
  log.drain();
  expect(log.kinds(connection.id).at(-1)).toBe('closed');
});

type Handshake = NonNullable<StreamSocket['shakeHands']>;
const refused = { call: 'handshake', errno: 'EPROTO' } as const;
const thrown = new Error('a bug of the TLS library');

test.each<[string, Handshake, string[]]>([
  ['is refused by the peer', async () => refused, ['failed', 'closed']],
  ['throws', () => Promise.reject(thrown), ['failed', 'closed']],
])('a handshake that %s ends the connection once, and nothing is read or sent', async (_name, shakeHands, kinds) => {
  const socket = Object.assign(new FakeSocket(), { shakeHands });
  const { log, connection, started } = connect(new MemoryLog(), socket);
  const sent = connection.send(sendOf('early'));
  expect(await started).toMatchObject({ call: 'handshake' });
  expect(await sent).toEqual({ bytes: 0, complete: false });
  expect(socket.calls).toEqual(['destroy', 'closed']);
  expect(log.kinds(connection.id)).toEqual(kinds);
});

test.each<['close' | 'reset', string[]]>([
  ['close', ['destroy', 'closed']],
  ['reset', ['reset', 'destroy', 'closed']],
])('a %s during the handshake aborts it; its failure adds no record', async (end, calls) => {
  const shakeHands: Handshake = ({ signal }) => {
    return new Promise((resolve) => signal.addEventListener('abort', () => resolve(refused), { once: true }));
  };
  const socket = Object.assign(new FakeSocket(), { shakeHands });
  const { log, connection, started } = connect(new MemoryLog(), socket);
  connection[end]();
  await started;
  expect(socket.calls).toEqual(calls);
  expect(log.kinds(connection.id)).toEqual(['closed']);
});
