import { once } from 'node:events';
import { mkdtempDisposable, readdir, readFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { Cli, type JsonRecord, jsonRecords } from '#support/cli.ts';
import { answer, close, closed, Dialogue, read, type Said, send, written } from '#support/dialogue.ts';

const traceFolder = join(tmpdir(), 'wirebench-trace-');

/** The system call of each command of the machine. */
const systemCalls: Partial<Record<Dialogue['calls'][number], string>> = {
  'end-writing': 'shutdown',
  'close-both': 'shutdown',
  ended: 'close',
};

/** The calls on a connection, in the order that its machine says: its records are the machine's events, and the machine's commands are calls. */
function callsOfMachine(records: readonly JsonRecord[]): string[] {
  const dialogue = new Dialogue();
  const calls: string[] = [];
  const say = (said: Said) => {
    const from = dialogue.calls.length;
    dialogue.say(said);
    for (const command of dialogue.calls.slice(from)) {
      const call = command === 'write' ? `write ${dialogue.written.at(-1)?.length}` : systemCalls[command];
      if (call !== undefined) calls.push(call);
    }
  };
  const events: Readonly<Record<string, (record: JsonRecord) => void>> = {
    accepted: () => {
      calls.push('accept4');
      say('handshake-done');
    },
    connecting: () => calls.push('socket', 'connect'),
    opened: () => say('handshake-done'),
    message: ({ direction, length, text = '' }) => {
      if (direction === 'in') {
        calls.push(`read ${length}`);
        say(read(text));
      } else {
        say(records[0]?.kind === 'accepted' ? answer(text) : send(text));
        say(written);
      }
    },
    ended: () => {
      calls.push('read 0');
      say(dialogue.state === 'open' ? 'peer-fin' : 'peer-fin-half-open');
    },
    shutdown: () => say('shutdown'),
    closed: ({ cause }) => {
      if (cause === 'local' && dialogue.state === 'open') say(close());
      say(closed);
    },
  };
  for (const record of records) {
    const event = events[record.kind];
    if (!event) throw new Error(`the dialogue has no event for the record ${record.kind}`);
    event(record);
  }
  return calls;
}

/** A socket as the kernel saw it: its calls in order, reads and writes with the number of their bytes. */
type Traced = readonly string[];

/** Reads the trace of the thread that uses the network: the sockets that it made or accepted, in order. */
async function tracedSockets(folder: string): Promise<readonly Traced[]> {
  const lines = await vi.waitFor(() => networkThread(folder), { timeout: 30_000, interval: 20 });
  const made: string[][] = [];
  const open = new Map<string, string[]>();
  for (const line of lines) {
    const match = /^(\w+)\((\w*).*\) += (-?\d+)/.exec(line);
    if (!match) continue;
    const [, call = '', first = '', result = ''] = match;
    // Nothing was there yet: the loop looks until it is.
    if (line.includes('= -1 EAGAIN')) continue;
    const calls = open.get(first);
    if (call === 'socket' || call === 'accept4') {
      const socket = [call];
      made.push(socket);
      open.set(result, socket);
    }
    if (/^(bind|listen|accept4|connect|shutdown|close)$/.test(call)) calls?.push(call);
    else if (/^(read|write|send|recv)/.test(call)) calls?.push(`${call} ${result}`);
    if (call === 'close') open.delete(first);
  }
  return made;
}

/** The lines of the thread that made the sockets, once the program has ended. */
async function networkThread(folder: string): Promise<readonly string[]> {
  for (const name of await readdir(folder)) {
    const trace = await readFile(join(folder, name), 'utf8');
    if (/^(listen|connect)\(\d+/m.test(trace) && trace.includes('+++ exited with')) return trace.split('\n');
  }
  throw new Error('the program has not ended yet');
}

/** The records of the connection, which is the socket that was accepted or opened. */
function connectionRecords(stdout: string): readonly JsonRecord[] {
  const records = jsonRecords(stdout);
  const socket = records.find(({ kind }) => kind === 'accepted' || kind === 'opened')?.socket;
  return records.filter((record) => record.socket === socket);
}

test('a server makes the calls on its sockets in the order of its machine', async () => {
  await using folder = await mkdtempDisposable(traceFolder);
  await using cli = new Cli(['listen', '0', '--echo', '--once', '--json'], { traced: join(folder.path, 'trace') });
  const client = net.connect(await cli.port(), '127.0.0.1');
  client.write('hello');
  expect(String((await once(client, 'data'))[0])).toBe('hello');
  client.end();
  const { code, stdout } = await cli.end();
  expect(code).toBe(0);
  const [listener, connection] = await tracedSockets(folder.path);
  expect(listener).toEqual(['socket', 'bind', 'listen', 'accept4', 'close']);
  expect(connection).toEqual(['accept4', 'read 5', 'write 5', 'read 0', 'shutdown', 'close']);
  expect(connection).toEqual(callsOfMachine(connectionRecords(stdout)));
});

test.each([
  ['that closes after the reply', ['--expect', '1'], ['write 5', 'read 5', 'shutdown', 'close']],
  ['that ends its side first', ['--half-close'], ['write 5', 'shutdown', 'read 5', 'read 0', 'close']],
])('a client %s makes the calls on its socket in the order of its machine', async (_name, options, expected) => {
  await using folder = await mkdtempDisposable(traceFolder);
  const halfClose = options.includes('--half-close');
  // Replies at once, or to the client's FIN; its own FIN comes only after that.
  await using server = await ReplyingServer.start(halfClose ? 'end' : 'data');
  const target = `127.0.0.1:${server.port}`;
  await using cli = new Cli(['send', target, '--data', 'hello', '--json', ...options], {
    traced: join(folder.path, 'trace'),
  });
  const { code, stdout } = await cli.end();
  expect(code).toBe(0);
  const [connection] = await tracedSockets(folder.path);
  expect(connection).toEqual(['socket', 'connect', ...expected]);
  expect(connection).toEqual(callsOfMachine(connectionRecords(stdout)));
});

/** A server that answers the first `data`, or the FIN, of its client; with its own FIN in the second case. */
class ReplyingServer implements AsyncDisposable {
  readonly #server: net.Server;
  readonly #sockets = new Set<net.Socket>();

  private constructor(replyTo: 'data' | 'end') {
    this.#server = net.createServer({ allowHalfOpen: true }, (socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.resume();
      socket.once(replyTo, () => (replyTo === 'end' ? socket.end('reply') : socket.write('reply')));
    });
  }

  static async start(replyTo: 'data' | 'end'): Promise<ReplyingServer> {
    const started = new ReplyingServer(replyTo);
    started.#server.listen(0, '127.0.0.1');
    await once(started.#server, 'listening');
    return started;
  }

  get port(): number {
    return (this.#server.address() as net.AddressInfo).port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
