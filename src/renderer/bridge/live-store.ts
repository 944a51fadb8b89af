import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Client } from '#shared/contract/client.ts';
import type { WorkbenchEvent } from '#shared/contract/contract.ts';
import type { JobView } from '#shared/contract/jobs/catalogue.ts';
import type { AppInfo, EndpointView, ProgramView, SessionView, SocketView } from '#shared/contract/models.ts';
import { formatFraming } from '#shared/framing/spec.ts';
import { abilitiesOf } from '#shared/socket/transports.ts';
import type { Connection, PageTransport } from './transport.ts';

/** The engine's state, updated by its events and replaced by each snapshot. Nothing else writes it. */
export interface LiveState {
  readonly connection: Connection;
  /** False until the first snapshot has arrived. */
  readonly ready: boolean;
  readonly app: AppInfo | undefined;
  readonly endpoints: ReadonlyMap<string, EndpointView>;
  readonly sockets: ReadonlyMap<number, SocketView>;
  readonly sessions: ReadonlyMap<string, SessionView>;
  readonly jobs: ReadonlyMap<string, JobView>;
  readonly programs: ReadonlyMap<string, ProgramView>;
}

export type LiveStore = StoreApi<LiveState>;

export interface Snapshot {
  readonly endpoints: readonly EndpointView[];
  readonly sockets: readonly SocketView[];
  readonly sessions: readonly SessionView[];
  readonly jobs: readonly JobView[];
  readonly programs: readonly ProgramView[];
}

export const emptyLive: LiveState = {
  connection: 'connecting',
  ready: false,
  app: undefined,
  endpoints: new Map(),
  sockets: new Map(),
  sessions: new Map(),
  jobs: new Map(),
  programs: new Map(),
};

export function createLiveStore(): LiveStore {
  return createStore<LiveState>(() => emptyLive);
}

/** Returns `state` with the engine's part replaced by `snapshot`. */
export function applySnapshot(state: LiveState, snapshot: Snapshot): LiveState {
  const byId = <Id, View extends { id: Id }>(views: readonly View[]) => new Map(views.map((view) => [view.id, view]));
  return {
    ...state,
    ready: true,
    endpoints: byId(snapshot.endpoints),
    sockets: byId(snapshot.sockets),
    sessions: byId(snapshot.sessions),
    jobs: byId(snapshot.jobs),
    programs: byId(snapshot.programs),
  };
}

/** Returns `state` after `event`. Applying an event twice gives the same state, so a queue may overlap a snapshot. */
export function applyEvent(state: LiveState, event: WorkbenchEvent): LiveState {
  switch (event.kind) {
    case 'endpoints':
      return { ...state, endpoints: patch(state.endpoints, event.changed, event.removed) };
    case 'sockets':
      return { ...state, sockets: patch(state.sockets, event.changed, event.removed) };
    case 'sessions':
      return { ...state, sessions: patch(state.sessions, event.changed, event.removed) };
    case 'jobs':
      return { ...state, jobs: patch(state.jobs, event.changed, event.removed) };
    case 'programs':
      return { ...state, programs: patch(state.programs, event.changed, event.removed) };
    case 'queries':
    case 'marks':
    case 'workspace':
    case 'job.progress':
      return state;
  }
}

function patch<Id, View extends { readonly id: Id }>(
  views: ReadonlyMap<Id, View>,
  changed: readonly View[],
  removed: readonly Id[],
): ReadonlyMap<Id, View> {
  const next = new Map(views);
  for (const view of changed) next.set(view.id, view);
  for (const id of removed) next.delete(id);
  return next;
}

/** Returns true while the engine cannot be reached and the page shows the last known state. */
export function isStale({ connection }: Pick<LiveState, 'connection'>): boolean {
  return connection === 'lost' || connection === 'refused';
}

/** Returns the session that is being recorded. */
export function recordingOf(state: LiveState): SessionView | undefined {
  for (const session of state.sessions.values()) if (session.state !== 'read-only') return session;
  return undefined;
}

/** Returns the connections of an endpoint: a server's accepted ones or a client's own; oldest first. */
export function peersOf(state: Pick<LiveState, 'sockets'>, endpoint: string): SocketView[] {
  const peers: SocketView[] = [];
  for (const socket of state.sockets.values()) {
    if (socket.endpoint === endpoint && socket.role !== 'listener') peers.push(socket);
  }
  return peers;
}

/** Returns the first connection of an endpoint whose message has been incomplete for a second, and the number of such connections. */
export function overdueOf(
  state: Pick<LiveState, 'sockets'>,
  endpoint: string,
): { readonly first: SocketView | undefined; readonly count: number } {
  let first: SocketView | undefined;
  let count = 0;
  for (const socket of state.sockets.values()) {
    if (socket.endpoint !== endpoint || !socket.incomplete?.overdue) continue;
    first ??= socket;
    count += 1;
  }
  return { first, count };
}

/** Returns a peer's framing, as the command line spells it, if it differs from its endpoint's; empty otherwise. */
export function ownFramingOf({ endpoints }: Pick<LiveState, 'endpoints'>, socket: SocketView): string {
  const endpoint = endpoints.get(socket.endpoint);
  if (endpoint === undefined || abilitiesOf(socket.transport).messageOriented) return '';
  return socket.framing === formatFraming(endpoint.config.framing) ? '' : socket.framing;
}

/** Returns the number of bytes received of incomplete messages, which are not recorded yet. */
export function waitingOf({ sockets }: Pick<LiveState, 'sockets'>): number {
  let bytes = 0;
  for (const { incomplete } of sockets.values()) bytes += incomplete?.bytes ?? 0;
  return bytes;
}

/** Returns true for a closed, reset or failed socket. */
export function isEnded({ state }: Pick<SocketView, 'state'>): boolean {
  return state === 'closed' || state === 'reset' || state === 'failed';
}

/** Returns true while bytes can be sent on `socket`. */
export function canSend(socket: SocketView): boolean {
  return (socket.state === 'connected' || socket.state === 'half-closed') && !socket.writeEnded;
}

/**
 * Keeps `live` in step with the engine: subscribes, queues the events pushed, requests a snapshot and applies the queue to it.
 * Repeats this each time the connection is restored. Returns a function that stops it.
 */
export function syncLive(
  client: Client,
  transport: Pick<PageTransport, 'connection' | 'onConnection'>,
  live: LiveStore,
  onProgress: (event: WorkbenchEvent & { kind: 'job.progress' }) => void,
): () => void {
  let queue: WorkbenchEvent[] | undefined = [];
  let run = 0;

  const receive = (event: WorkbenchEvent) => {
    if (event.kind === 'job.progress') onProgress(event);
    else if (queue) queue.push(event);
    else live.setState((state) => applyEvent(state, event));
  };

  const refresh = async () => {
    run += 1;
    const mine = run;
    queue = [];
    const [snapshot, app] = await Promise.all([client.call('app.snapshot', {}), client.call('app.info', {})]);
    // Superseded: the connection was lost and restored meanwhile, and a newer snapshot is on its way.
    if (mine !== run || !snapshot.ok) return;
    const waiting = queue ?? [];
    queue = undefined;
    live.setState((state) => {
      const base = applySnapshot(app.ok ? { ...state, app: app.value } : state, snapshot.value);
      return waiting.reduce(applyEvent, base);
    });
  };

  const stopEvents = client.subscribe(receive);
  const stopConnection = transport.onConnection((connection) => {
    live.setState({ connection });
    if (connection === 'open') void refresh();
  });
  live.setState({ connection: transport.connection });
  // A connection that is still being made reports `open` later.
  if (transport.connection === 'open') void refresh();
  return () => {
    stopEvents();
    stopConnection();
  };
}
