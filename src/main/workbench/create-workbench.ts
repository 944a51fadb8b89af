import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Engine } from '#engine/engine.ts';
import type { WorkbenchEvent } from '#shared/contract/contract.ts';
import { fail, ok, type Result } from '#shared/contract/failure.ts';
import { readReplyFile } from './reply-file.ts';
import { listSamples } from './samples.ts';
import { Sessions, startSession } from './sessions.ts';
import { SettingsFile } from './settings.ts';
import { version } from './version.ts';
import type { Workbench, WorkbenchOptions } from './workbench.ts';

/**
 * Composes the engine, the session log and the settings. Fails where the app's folder cannot be written: without a log
 * nothing is opened, for a session is always recorded.
 */
export async function createWorkbench({ home, resources }: WorkbenchOptions): Promise<Result<Workbench>> {
  const folder = join(home, 'sessions');
  try {
    // What is recorded is nobody else's to read.
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    const system = error instanceof Error ? error.message : String(error);
    const hint = 'Choose a folder that can be written to with WIREBENCH_HOME.';
    return fail('file', `Could not make the folder ${folder}`, { system, hint });
  }
  const started = await startSession(folder, version);
  if (!started.ok) return started;
  const log = started.value;

  const listeners = new Set<(event: WorkbenchEvent) => void>();
  const emit = (event: WorkbenchEvent): void => {
    for (const listener of listeners) listener(event);
  };
  const sessions = new Sessions(log, emit);
  const settings = new SettingsFile(home);
  const engine = new Engine({ log, readReplyFile: (path) => readReplyFile(resources, path) });
  engine.subscribe(emit);

  return ok({
    handlers: {
      'app.snapshot': () => ok({ ...engine.snapshot(), sessions: sessions.views() }),
      'settings.get': async () => ok(await settings.get()),
      'settings.set': (change) => settings.set(withoutUndefined(change)),
      'samples.list': async () => ok(await listSamples(resources)),

      'endpoints.create': (config) => ok(engine.create(config)),
      'endpoints.update': ({ id, config }) => engine.update(id, config),
      'endpoints.remove': ({ id }) => engine.remove(id),
      'endpoints.open': ({ id }) => engine.open(id),
      'endpoints.close': ({ id }) => engine.close(id),

      'sockets.send': async ({ sockets, bytes, frame }) => ok({ sent: await engine.send(sockets, bytes, frame) }),
      'sockets.shutdown': ({ socket }) => engine.shutdown(socket),
      'sockets.close': ({ socket }) => engine.closeSocket(socket),
      'sockets.reset': ({ socket }) => engine.reset(socket),

      'sessions.window': ({ session, first, count, filter }) =>
        sessions.ask(session, (one) => one.window(first, count, filter)),
      'sessions.unfilter': ({ session, filter }) => sessions.ask(session, (one) => one.unfilter(filter)),
      'sessions.locate': ({ session, task, ...options }) =>
        sessions.work(session, task, (one, work) => one.locate(options, work)),
      'sessions.find': ({ session, task, ...options }) =>
        sessions.work(session, task, (one, work) => one.find(options, work)),
      'sessions.search': ({ session, ...options }) => sessions.ask(session, (one) => one.search(options)),
      'sessions.reads': ({ session, socket, from, to }) => sessions.ask(session, (one) => one.reads(socket, from, to)),
      'sessions.mark': ({ session, seq, ...change }) => sessions.ask(session, (one) => one.mark(seq, change)),
      'sessions.payload': ({ session, seq, from, length }) =>
        sessions.ask(session, (one) => one.payload(seq, from, length)),
      'sessions.statistics': ({ session, task, ...options }) =>
        sessions.work(session, task, (one, work) => one.statistics({ ...options, ...work })),
      'sessions.estimate': ({ session, task, format, scope }) =>
        sessions.work(session, task, (one, work) => one.estimate(format, scope, work)),
      'sessions.save': ({ session, task, ...options }) =>
        sessions.work(session, task, async (one, work) => {
          // What was on screen when the button was pressed is in the file.
          await one.flush();
          return one.save({ ...options, ...work });
        }),
      'sessions.open': ({ path }) => sessions.open(path),
      'sessions.move': () => fail('unsupported', 'not there yet'),
      'sessions.retry': () => fail('unsupported', 'not there yet'),
      'sessions.rename': ({ session, name }) => sessions.ask(session, (one) => one.rename(name)),
      'sessions.stored': () => fail('unsupported', 'not there yet'),
      'sessions.delete': () => fail('unsupported', 'not there yet'),
      'sessions.close': ({ session }) => sessions.close(session),
      'tasks.cancel': ({ task }) => sessions.cancel(task),
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      await engine.stop();
      await log.flush();
      const empty = log.total === 0 && log.state === 'recording';
      await sessions.closeAll();
      listeners.clear();
      // A run in which nothing happened leaves nothing behind.
      if (empty) await rm(log.path, { force: true });
    },
  });
}

/** A partial with the keys of value `undefined` left out, as `exactOptionalPropertyTypes` has it. */
function withoutUndefined<T extends object>(value: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as {
    [Key in keyof T]?: Exclude<T[Key], undefined>;
  };
}
