import { join } from 'node:path';
import { Engine } from '#engine/engine.ts';
import { StartedJobs } from '#jobs/started-jobs.ts';
import type { WorkbenchEvent } from '#shared/contract/contract.ts';
import { isReference } from '#shared/contract/file-reference.ts';
import { type Failure, ok, type Result } from '#shared/failure.ts';
import { Programs } from '#trace/programs.ts';
import { FileGrants } from './file-grants.ts';
import { Jobs, jobContext, lastReceived } from './jobs.ts';
import { prepareHome } from './prepare-home.ts';
import { readReplyFile } from './samples.ts';
import { startSession } from './session-files.ts';
import { Sessions } from './sessions.ts';
import { Retention, SettingsFile } from './settings.ts';
import { StoredSessions } from './stored-sessions.ts';
import { version, type Workbench, type WorkbenchOptions } from './workbench.ts';
import { workbenchHandlers } from './workbench-handlers.ts';
import { WorkspaceHost } from './workspace-handlers.ts';
import { WorkspaceLists } from './workspace-lists.ts';
import { WrittenPayloads } from './written-payloads.ts';

/**
 * Composes the engine, the session log and the settings. Fails if the app's folder cannot be written: every session is
 * recorded, so nothing is opened without a log.
 */
export async function createWorkbench({
  home,
  resources,
  warn,
  secretStore,
}: WorkbenchOptions): Promise<Result<Workbench>> {
  const prepared = prepareHome(home);
  if (!prepared.ok) return prepared;
  if (prepared.value !== '') warn?.(prepared.value);
  const folder = join(home, 'sessions');
  const opened = startSession(folder, version);
  if (!opened.ok) return opened;
  const log = opened.value;

  const listeners: Listeners = new Set();
  const emit = emitterTo(listeners);
  const jobs = new Jobs(emit);
  const sessions = new Sessions({ live: log, folder, appVersion: version, emit, jobs });
  const stored = new StoredSessions(folder, () => sessions.files());
  const settings = new SettingsFile(home);
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
  const workspace = new WorkspaceHost({ home, resources, files, emit, secretStore });
  const programs = await Programs.start({
    home,
    session: () => ({ log: sessions.live, name: sessions.live.name }),
    nextSocketId: () => engine.nextSocketId(),
    changed: (changed, removed) => emit({ kind: 'programs', changed: [...changed], removed: [...removed] }),
  });
  const current = () => workspace.current();
  const written = new WrittenPayloads({
    engine,
    lastReceived: (socket) => lastReceived(sessions.live, socket),
    workspace: current,
  });
  const lists = new WorkspaceLists(current, written);
  const started = new StartedJobs(jobContext({ engine, live: () => sessions.live, files, written, lists }), emit);
  engine.subscribe((event) => {
    emit(event);
    if (event.kind === 'sockets') started.socketsChanged();
    if (event.kind === 'endpoints') started.endpointsRemoved(event.removed);
  });

  return ok({
    handlers: workbenchHandlers({
      engine,
      sessions,
      stored,
      settings,
      retention,
      files,
      jobs,
      started,
      workspace,
      written,
      programs,
      resources,
    }),
    files,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => closeAll({ started, engine, programs, sessions, workspace, retention }, listeners),
  });
}

type Listeners = Set<(event: WorkbenchEvent) => void>;

function emitterTo(listeners: Listeners): (event: WorkbenchEvent) => void {
  return (event) => {
    for (const listener of listeners) listener(event);
  };
}

interface Closing {
  readonly started: StartedJobs;
  readonly engine: Engine;
  readonly programs: Programs;
  readonly sessions: Sessions;
  readonly workspace: WorkspaceHost;
  readonly retention: Retention;
}

/** Ends everything in order; returns how many records are not in the file of the session, if any. */
async function closeAll(
  { started, engine, programs, sessions, workspace, retention }: Closing,
  listeners: Set<unknown>,
): Promise<Failure | undefined> {
  // A message that a peer does not read ends with its socket.
  const jobsEnd = started.end();
  await engine.stop();
  await programs.close();
  await jobsEnd;
  const loss = await sessions.closeAll();
  listeners.clear();
  await workspace.close();
  await retention.end();
  return loss;
}
