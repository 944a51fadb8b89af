import { join } from 'node:path';
import { Engine } from '#engine/engine.ts';
import { systemOptions } from '#engine/system-options.ts';
import { refuseStandardStream } from '#session/exports/standard-streams.ts';
import type { WorkbenchEvent } from '#shared/contract/contract.ts';
import { isReference } from '#shared/contract/file-reference.ts';
import { missingSecrets } from '#shared/endpoint/secrets.ts';
import { fail, ok, type Result } from '#shared/failure.ts';
import { FileGrants } from './file-grants.ts';
import { PayloadsFile } from './payloads-file.ts';
import { prepareHome } from './prepare-home.ts';
import { questionHandlers } from './question-handlers.ts';
import { readReplyFile } from './reply-file.ts';
import { Retention } from './retention.ts';
import { listSamples } from './samples.ts';
import { Sessions } from './sessions.ts';
import { SettingsFile } from './settings.ts';
import { startSession } from './start-session.ts';
import { StoredSessions } from './stored-sessions.ts';
import { Tasks } from './tasks.ts';
import { version } from './version.ts';
import type { Workbench, WorkbenchOptions } from './workbench.ts';

/**
 * Composes the engine, the session log and the settings. Fails where the app's folder cannot be written: without a log
 * nothing is opened, for a session is always recorded.
 */
export async function createWorkbench({ home, resources, warn }: WorkbenchOptions): Promise<Result<Workbench>> {
  const prepared = prepareHome(home);
  if (!prepared.ok) return prepared;
  if (prepared.value !== '') warn?.(prepared.value);
  const folder = join(home, 'sessions');
  const started = startSession(folder, version);
  if (!started.ok) return started;
  const log = started.value;

  const listeners = new Set<(event: WorkbenchEvent) => void>();
  const emit = (event: WorkbenchEvent): void => {
    for (const listener of listeners) listener(event);
  };
  const tasks = new Tasks(emit);
  const sessions = new Sessions({ live: log, folder, appVersion: version, emit, tasks });
  const stored = new StoredSessions(folder, () => sessions.files());
  const settings = new SettingsFile(home);
  const payloads = new PayloadsFile(home);
  const retention = new Retention(stored, settings);
  const files = new FileGrants();
  const engine = new Engine({
    log,
    folder: home,
    fileOf: (reference) => files.find(reference),
    readReplyFile: async (reference) => {
      const path = isReference('sample', reference) ? ok(reference) : files.find(reference);
      return path.ok ? readReplyFile(resources, path.value) : path;
    },
  });
  engine.subscribe(emit);

  return ok({
    handlers: {
      'app.snapshot': () => ok({ ...engine.snapshot(), sessions: sessions.views() }),
      'settings.get': async () => ok(await settings.get()),
      'settings.set': async (change) => {
        const set = await settings.set(withoutUndefined(change));
        if (change.retention) await retention.look();
        return set;
      },
      'samples.list': () => listSamples(resources),
      'payloads.get': async (key) => ok({ payload: (await payloads.get(key)) ?? null }),
      'payloads.keep': ({ endpoint, payload }) => payloads.keep(endpoint, payload),
      'payloads.forget': () => payloads.forget(),

      'endpoints.create': (config) => {
        const error = missingSecrets(config) ?? files.missingFile(config);
        return error ? { ok: false, error } : ok(engine.create(config));
      },
      'endpoints.update': ({ id, config }) => {
        const error = files.missingFile(config);
        return error ? { ok: false, error } : engine.update(id, config);
      },
      'endpoints.remove': ({ id }) => engine.remove(id),
      'endpoints.clear': ({ id }) => engine.clear(id),
      'endpoints.open': ({ id }) => engine.open(id),
      'endpoints.close': ({ id, keepConnections = false }) => engine.close(id, { keepConnections }),

      'endpoints.accepting': ({ id, accepting }) => engine.setAccepting(id, accepting),
      'endpoints.addPeer': ({ id, host, port }) => engine.addPeer(id, host, port),
      'system.options': async () => ok({ options: await systemOptions() }),

      'sockets.send': async ({ sockets, task, file: handle, ...request }) => {
        const file = handle === undefined ? ok(undefined) : files.find(handle);
        if (!file.ok) return file;
        return ok({
          sent: await tasks.run(task, ({ signal, onProgress: progress }) =>
            engine.send(sockets, { ...request, file: file.value, signal, progress }),
          ),
        });
      },
      'sockets.reading': ({ socket, reading }) => engine.setReading(socket, reading),
      'sockets.waiting': ({ socket }) => engine.waitingBytes(socket),
      'sockets.frame': ({ socket, framing, badFrame }) => engine.frame(socket, framing, badFrame),
      'sockets.ping': ({ socket, payload }) => engine.ping(socket, payload),
      'sockets.shutdown': ({ socket }) => engine.shutdown(socket),
      'sockets.close': ({ socket }) => engine.closeSocket(socket),
      'sockets.reset': ({ socket }) => engine.reset(socket),

      ...questionHandlers(sessions),
      'sessions.query': ({ session, ...definition }) => sessions.use(session, (one) => one.query(definition)),
      'sessions.endQuery': ({ session, query }) => sessions.use(session, (one) => one.endQuery(query)),
      'sessions.mark': ({ session, seq, ...change }) => sessions.use(session, (one) => one.mark(seq, change)),
      'sessions.save': ({ session, task, target, ...options }) =>
        sessions.work(session, task, async (one, work) => {
          const place = files.takePlace(target, 'copy');
          if (!place.ok) return place;
          const { path, existing } = place.value;
          const refused = refuseStandardStream(path);
          if (refused) return { ok: false, error: refused };
          // What was on screen when the button was pressed is in the file.
          await one.flush();
          return one.ask('save', { ...options, path, existing }, work);
        }),
      'sessions.reframe': ({ session, task, ...options }) => sessions.reframe(session, options, task),
      'sessions.begin': () => {
        if (!engine.busy) return sessions.begin((next) => engine.recordTo(next));
        const hint = 'Stop every server and disconnect every client first.';
        return fail('wrong-state', 'Could not start a new session', { system: 'something is open', hint });
      },
      'sessions.open': async ({ file, task }) => {
        const path = isReference('stored', file) ? await stored.find(file) : files.find(file);
        return path.ok ? sessions.open(path.value, task) : path;
      },
      'sessions.move': ({ session, target, task }) => {
        const place = files.takePlace(target, 'recording');
        return place.ok ? sessions.move(session, place.value.path, task) : place;
      },
      'sessions.retry': ({ session }) => sessions.retry(session),
      'sessions.rename': ({ session, name }) => sessions.rename(session, name),
      'sessions.stored': async () => {
        const listed = await stored.list();
        return listed.ok ? ok({ sessions: listed.value, folder }) : listed;
      },
      'sessions.delete': async ({ stored: reference }) => {
        const path = await stored.find(reference);
        return path.ok ? stored.delete(path.value) : path;
      },
      'sessions.close': ({ session }) => sessions.close(session),
      'tasks.cancel': ({ task }) => tasks.cancel(task),
    },
    files,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      await engine.stop();
      const loss = await sessions.closeAll();
      listeners.clear();
      await payloads.end();
      await retention.end();
      return loss;
    },
  });
}

/** A partial with the keys of value `undefined` left out, as `exactOptionalPropertyTypes` has it. */
function withoutUndefined<T extends object>(value: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as {
    [Key in keyof T]?: Exclude<T[Key], undefined>;
  };
}
