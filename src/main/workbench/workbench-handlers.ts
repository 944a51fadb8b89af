import type { Engine } from '#engine/engine.ts';
import { systemOptions } from '#engine/system-options.ts';
import type { StartedJobs } from '#jobs/started-jobs.ts';
import { refuseStandardStream } from '#session/convert/export/standard-streams.ts';
import { isReference } from '#shared/contract/file-reference.ts';
import { type PageQuestion, type PageQuestionInput, questionSchemas } from '#shared/contract/questions/catalogue.ts';
import type { Handlers } from '#shared/contract/serve.ts';
import { missingSecrets } from '#shared/endpoint/secrets.ts';
import { fail, ok } from '#shared/failure.ts';
import { peerProcess } from '#trace/peer-process.ts';
import type { Programs } from '#trace/programs.ts';
import type { FileGrants } from './file-grants.ts';
import type { Jobs } from './jobs.ts';
import { listLessons, writePrograms } from './lessons.ts';
import { listSamples } from './samples.ts';
import type { Sessions } from './sessions.ts';
import type { Retention, SettingsFile } from './settings.ts';
import type { StoredSessions } from './stored-sessions.ts';
import type { Workbench } from './workbench.ts';
import { type WorkspaceHost, workspaceHandlers } from './workspace-handlers.ts';
import type { WrittenPayloads } from './written-payloads.ts';

/** The parts that the handlers use. */
interface Parts {
  readonly engine: Engine;
  readonly sessions: Sessions;
  readonly stored: StoredSessions;
  readonly settings: SettingsFile;
  readonly retention: Retention;
  readonly files: FileGrants;
  /** The work of calls. */
  readonly jobs: Jobs;
  readonly started: StartedJobs;
  readonly workspace: WorkspaceHost;
  readonly written: WrittenPayloads;
  readonly programs: Programs;
  /** The folder of the samples. */
  readonly resources: string;
}

/** Returns the handlers of all calls but those that only a host can answer. */
export function workbenchHandlers(parts: Parts): Workbench['handlers'] {
  return {
    ...appHandlers(parts),
    ...endpointHandlers(parts),
    ...socketHandlers(parts),
    ...questionHandlers(parts.sessions),
    ...sessionHandlers(parts),
    ...fileHandlers(parts),
    ...jobHandlers(parts),
    ...workspaceHandlers({ host: parts.workspace, engine: parts.engine, files: parts.files, payloads: parts.written }),
  };
}

/** Answers the calls about the app, its settings and samples. */
function appHandlers({ engine, sessions, settings, retention, resources, started, programs, files }: Parts) {
  return {
    'app.snapshot': () => {
      const state = { sessions: sessions.views(), jobs: started.views(), programs: programs.views() };
      return ok({ ...engine.snapshot(), ...state });
    },
    'programs.clear': () => {
      programs.clear();
      return ok({});
    },
    'settings.get': async () => ok(await settings.get()),
    'settings.set': async (change) => {
      const set = await settings.set(withoutUndefined(change));
      if (change.retention) await retention.look();
      return set;
    },
    'samples.list': () => listSamples(resources),
    'lessons.list': async () => {
      const lessons = await listLessons(resources);
      return lessons.ok ? ok(lessons.value.map(({ name, lesson }) => ({ name, ...lesson }))) : lessons;
    },
    'lessons.write': async ({ name, folder: handle }) => {
      const folder = files.findFolder(handle);
      if (!folder.ok) return folder;
      const lessons = await listLessons(resources);
      if (!lessons.ok) return lessons;
      const lesson = lessons.value.find((one) => one.name === name);
      return lesson
        ? writePrograms(lesson, folder.value)
        : fail('not-found', `Could not find the lesson “${name}”`, { hint: 'Select another lesson.' });
    },
  } satisfies Partial<Handlers>;
}

/** Answers the calls about endpoints. */
function endpointHandlers({ engine, files }: Parts) {
  return {
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
  } satisfies Partial<Handlers>;
}

/** Answers the calls about sockets. */
function socketHandlers({ engine, files, jobs, written }: Parts) {
  return {
    'sockets.send': async ({ sockets, job, file: handle, payload, ...request }) => {
      if (payload) {
        const sent = await jobs.run(job, ({ signal, onProgress: progress }) =>
          written.send(payload, sockets, { ...request, signal, progress }),
        );
        return sent.ok ? ok({ sent: sent.value }) : sent;
      }
      const file = handle === undefined ? ok(undefined) : files.find(handle);
      if (!file.ok) return file;
      return ok({
        sent: await jobs.run(job, ({ signal, onProgress: progress }) =>
          engine.send(sockets, { ...request, file: file.value, signal, progress }),
        ),
      });
    },
    'sockets.reading': ({ socket, reading }) => engine.setReading(socket, reading),
    'sockets.peerProcess': async ({ local, peer }) => ok({ process: (await peerProcess(local, peer)) ?? null }),
    'sockets.waiting': ({ socket }) => engine.waitingBytes(socket),
    'sockets.frame': ({ socket, framing, badFrame }) => engine.frame(socket, framing, badFrame),
    'sockets.ping': ({ socket, payload }) => engine.ping(socket, payload),
    'sockets.shutdown': ({ socket }) => engine.shutdown(socket),
    'sockets.close': ({ socket }) => engine.closeSocket(socket),
    'sockets.reset': ({ socket }) => engine.reset(socket),
  } satisfies Partial<Handlers>;
}

/** Answers the calls about jobs. */
function jobHandlers({ jobs, started }: Parts) {
  return {
    'jobs.start': (input) => started.start(input),
    'jobs.cancel': ({ job }) => {
      started.cancel(job);
      return jobs.cancel(job);
    },
    'jobs.clear': ({ job }) => {
      started.clear(job);
      return ok({});
    },
  } satisfies Partial<Handlers>;
}

/** Answers the calls about open sessions. */
function sessionHandlers({ engine, sessions, programs }: Parts) {
  return {
    'sessions.query': ({ session, ...definition }) => sessions.use(session, (one) => one.query(definition)),
    'sessions.endQuery': ({ session, query }) => sessions.use(session, (one) => one.endQuery(query)),
    'sessions.mark': ({ session, seq, ...change }) => sessions.use(session, (one) => one.mark(seq, change)),
    'sessions.reframe': ({ session, job, ...options }) => sessions.reframe(session, options, job),
    'sessions.begin': () => {
      const tried = 'Could not start a new session';
      if (programs.busy) {
        const hint = 'End the traced programs first.';
        return fail('wrong-state', tried, { system: 'a program is traced', hint });
      }
      if (!engine.busy) return sessions.begin((next) => engine.recordTo(next));
      const hint = 'Stop every server and disconnect every client first.';
      return fail('wrong-state', tried, { system: 'something is open', hint });
    },
    'sessions.retry': ({ session }) => sessions.retry(session),
    'sessions.rename': ({ session, name }) => sessions.rename(session, name),
    'sessions.close': ({ session }) => sessions.close(session),
  } satisfies Partial<Handlers>;
}

/** Answers the calls that read, write or delete session files. */
function fileHandlers({ sessions, stored, files }: Parts) {
  return {
    'sessions.save': ({ session, job, target, ...options }) =>
      sessions.work(session, job, async (one, work) => {
        const place = files.takePlace(target, 'copy');
        if (!place.ok) return place;
        const { path, existing } = place.value;
        const refused = refuseStandardStream(path);
        if (refused) return { ok: false, error: refused };
        // What was on screen when the button was pressed is in the file.
        await one.flush();
        return one.ask('save', { ...options, path, existing }, work);
      }),
    'sessions.open': async ({ file, job }) => {
      const path = isReference('stored', file) ? await stored.find(file) : files.find(file);
      return path.ok ? sessions.open(path.value, job) : path;
    },
    'sessions.move': ({ session, target, job }) => {
      const place = files.takePlace(target, 'recording');
      return place.ok ? sessions.move(session, place.value.path, job) : place;
    },
    'sessions.stored': async () => {
      const listed = await stored.list();
      return listed.ok ? ok({ sessions: listed.value, folder: stored.folder }) : listed;
    },
    'sessions.delete': async ({ stored: reference }) => {
      const path = await stored.find(reference);
      return path.ok ? stored.delete(path.value) : path;
    },
  } satisfies Partial<Handlers>;
}

/** Returns a partial without the keys whose value is `undefined`, as `exactOptionalPropertyTypes` requires. */
function withoutUndefined<T extends object>(value: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as {
    [Key in keyof T]?: Exclude<T[Key], undefined>;
  };
}

type QuestionHandlers = { readonly [Kind in PageQuestion as `sessions.${Kind}`]: Handlers[`sessions.${Kind}`] };
type AskedInput = PageQuestionInput<PageQuestion> & { readonly session: string; readonly job?: string | undefined };

/** Returns handlers for every question that a page may ask a session: a new question needs no change here. */
function questionHandlers(sessions: Sessions): QuestionHandlers {
  const kinds = Object.keys(questionSchemas) as PageQuestion[];
  // Each handler has the types of its kind; the catalogue of answers is checked against the same schemas.
  return Object.fromEntries(kinds.map((kind) => [`sessions.${kind}`, handlerOf(kind, sessions)])) as never;
}

function handlerOf(kind: PageQuestion, sessions: Sessions) {
  const { flushes } = questionSchemas[kind];
  return ({ session, job, ...input }: AskedInput) =>
    sessions.work(session, job, async (one, work) => {
      if (flushes) await one.flush();
      return one.ask(kind, input as never, work);
    });
}
