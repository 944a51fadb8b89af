import { beforeEach, describe, expect, test } from 'vitest';
import { Lifecycle } from '#engine/connection/recording.ts';
import { type Driver, isCallFailure, type ListenHandlers, type StreamSocket } from '#engine/drivers/driver.ts';
import { Acceptor } from '#engine/endpoints/acceptor.ts';
import { defaultServer, type ServerConfig } from '#shared/endpoint/endpoint-config.ts';
import { MemoryLog } from '#support/memory-log.ts';
import { acceptedSocket } from '#support/session.ts';

const local = { host: '127.0.0.1', port: 7, family: 4 } as const;
const lost = { call: 'accept', errno: 'EBADF' } as const;

const serverWithRoomFor = (maxConnections: number): ServerConfig => ({
  ...defaultServer,
  limits: { ...defaultServer.limits, maxConnections },
});

/** A driver whose connections, failures and answers are those of the test, and the acceptor over it. */
class Bench {
  readonly log = new MemoryLog();
  readonly accepted: StreamSocket[] = [];
  readonly destroyed: StreamSocket[] = [];
  readonly calls: string[] = [];
  handlers: ListenHandlers | undefined;
  config: ServerConfig = serverWithRoomFor(2);
  /** Runs inside the driver's `listen`, before it returns. */
  whileListening: () => void | Promise<void> = () => {};
  readonly acceptor: Acceptor;

  constructor({ isUdp = false } = {}) {
    const listen: Driver['listen'] = async (_, handlers) => {
      this.handlers = handlers;
      await this.whileListening();
      return {
        local,
        event: { kind: 'listening', local, backlog: 5 },
        stop: async () => void this.calls.push('stop'),
        ...(isUdp
          ? { udpPeer: () => this.stream() }
          : {
              setAccepting: async (accepting: boolean) => {
                this.calls.push(accepting ? 'resume' : 'pause');
                return undefined;
              },
            }),
      };
    };
    const driver: Driver = { listen, connect: () => Promise.reject(new Error('a server does not connect')) };
    this.acceptor = new Acceptor({
      lifecycle: new Lifecycle(this.log, { ...acceptedSocket, role: 'listener' }, () => {}),
      driverOf: () => driver,
      config: () => this.config,
      connections: () => this.accepted.length,
      accepted: (stream) => void this.accepted.push(stream),
      lost: (failure) => void this.calls.push(`lost ${failure.errno}`),
      changed: () => {},
    });
  }

  /** A connection that arrives. */
  stream(): StreamSocket {
    const peer = { ...local, port: 50_000 };
    const stream: Partial<StreamSocket> = {
      local,
      peer,
      destroy: () => void this.destroyed.push(stream as StreamSocket),
    };
    return stream as StreamSocket;
  }

  arrive(): void {
    this.handlers?.accepted(this.stream());
  }

  get kinds(): string[] {
    return this.log.records.map(({ kind }) => kind);
  }
}

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});

describe('an acceptor', () => {
  test('keeps connections that arrive before listen() has returned until the listener is recorded', async () => {
    bench.whileListening = () => {
      bench.arrive();
      expect(bench.accepted).toHaveLength(0);
    };
    expect(await bench.acceptor.listen()).toBeUndefined();
    expect(bench.accepted).toHaveLength(1);
    expect(bench.kinds).toEqual(['listening']);
  });

  test('refuses a connection above the current limit, and records it', async () => {
    await bench.acceptor.listen();
    for (let count = 0; count < 3; count += 1) bench.arrive();
    expect([bench.accepted.length, bench.destroyed.length]).toEqual([2, 1]);
    expect(bench.log.records.at(-1)?.event).toMatchObject({ kind: 'limited', limit: 'maxConnections' });
    bench.config = serverWithRoomFor(3);
    bench.arrive();
    expect([bench.accepted.length, bench.destroyed.length]).toEqual([3, 1]);
  });

  test('pauses and resumes accept() in the order of the calls, and records each change once', async () => {
    await bench.acceptor.listen();
    const changes = [false, false, true].map((accepting) => bench.acceptor.setAccepting(accepting, 'Tried'));
    expect(await Promise.all(changes)).toEqual([undefined, undefined, undefined]);
    expect(bench.calls).toEqual(['pause', 'resume']);
    expect(bench.kinds).toEqual(['listening', 'paused', 'resumed']);
    expect(bench.acceptor.accepting).toBe(true);
    bench.acceptor.stop();
  });

  test('cannot pause before it listens, or where the transport has no accept()', async () => {
    expect(await bench.acceptor.setAccepting(false, 'Tried')).toMatchObject({ code: 'wrong-state', message: 'Tried' });
    const udp = new Bench({ isUdp: true });
    await udp.acceptor.listen();
    expect(await udp.acceptor.setAccepting(false, 'Tried')).toMatchObject({ code: 'unsupported' });
  });

  test('destroys a connection that arrives after it has stopped', async () => {
    await bench.acceptor.listen();
    bench.acceptor.stop();
    bench.arrive();
    expect([bench.accepted.length, bench.destroyed.length]).toEqual([0, 1]);
  });

  test('closes a listener at once, and a UDP socket only after its peers', async () => {
    const udp = new Bench({ isUdp: true });
    for (const { acceptor } of [bench, udp]) {
      await acceptor.listen();
      acceptor.stop();
    }
    expect([bench.calls, udp.calls]).toEqual([['stop'], []]);
    await Promise.all([bench.acceptor.close(), udp.acceptor.close()]);
    expect([bench.calls, udp.calls]).toEqual([['stop'], ['stop']]);
  });

  test('that is stopped while it begins to listen closes the socket and records nothing', async () => {
    bench.whileListening = () => bench.acceptor.stop();
    expect(isCallFailure((await bench.acceptor.listen()) ?? {})).toBe(true);
    expect([bench.calls, bench.kinds, bench.acceptor.listening]).toEqual([['stop'], [], undefined]);
  });

  test('records the loss of its socket', async () => {
    await bench.acceptor.listen();
    bench.handlers?.lost(lost);
    expect(bench.kinds).toEqual(['listening', 'failed', 'closed']);
    expect([bench.calls, bench.acceptor.listening]).toEqual([['lost EBADF'], undefined]);
  });
});
