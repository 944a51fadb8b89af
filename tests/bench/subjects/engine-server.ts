// One server of the engine, recording to a session file unless it is not to: what the benchmarks measure. Speaks JSON lines with its parent.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Engine } from '#engine/engine.ts';
import type { SessionLog } from '#session/session.ts';
import { createSessionLog } from '#session/session-log.ts';
import { defaultServer } from '#shared/endpoint/endpoint-config.ts';
import { fail } from '#shared/failure.ts';
import { parseFraming } from '#shared/framing/spec.ts';
import type { LogSink } from '#shared/record/record.ts';
import type { Action } from '#shared/rules/actions/catalogue.ts';
import { watchSelf, watchTurns } from './self-watch.ts';

/** Takes what is recorded and keeps nothing: what is measured then is the engine alone. */
const noLog: LogSink = {
  congested: false,
  stalled: false,
  describe: () => {},
  event: () => 0,
  messages: () => 0,
  read: () => {},
  onDrain: () => () => {},
};

const { values } = parseArgs({
  options: { behaviour: { type: 'string' }, framing: { type: 'string' }, unrecorded: { type: 'boolean' } },
});
const folder = await mkdtemp(join(tmpdir(), 'wirebench-bench-'));
const log = values.unrecorded ? undefined : startLog();
const engine = new Engine({ log: log ?? noLog, readReplyFile: async () => fail('unsupported', 'No files here') });

function startLog(): SessionLog {
  const created = createSessionLog({ path: join(folder, 'bench.wirebench'), name: 'bench', appVersion: '0' });
  if (!created.ok) throw new Error(JSON.stringify(created.error));
  return created.value;
}

const behaviour: Action = values.behaviour === 'echo' ? { kind: 'echo' } : { kind: 'silent' };
const framing = parseFraming(values.framing ?? 'raw');
if (!framing) throw new Error(`unknown framing ${values.framing}`);
const { id } = engine.create({ ...defaultServer, port: 0, backlog: 512, behaviour, framing });
const opened = await engine.open(id);
if (!opened.ok) throw new Error(JSON.stringify(opened.error));
process.send?.({ port: Number(opened.value.address.split(':').at(-1)) });

process.on('message', async (message) => {
  if (message === 'turns') {
    watchTurns();
    return;
  }
  if (message === 'count') {
    const sockets = engine.snapshot().sockets;
    const messages = sockets.reduce((sum, socket) => sum + socket.messagesIn, 0);
    const bytes = sockets.reduce((sum, socket) => sum + socket.bytesIn, 0);
    process.send?.({ messages, bytes, ...watchSelf() });
    return;
  }
  // All is in the file before the clock is stopped.
  await log?.flush();
  process.send?.({ flushed: log?.total ?? 0 });
  await engine.stop();
  await log?.close();
  await rm(folder, { recursive: true });
  process.disconnect();
});
