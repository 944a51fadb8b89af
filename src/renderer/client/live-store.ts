import { createStore, type StoreApi } from 'zustand/vanilla';
import type { WorkbenchEvent } from '#shared/contract/contract.ts';
import type { AppInfo, EndpointView, SessionView, SocketView } from '#shared/contract/models.ts';
import { formatFraming } from '#shared/framing/spec.ts';
import { abilitiesOf } from '#shared/socket/transports.ts';
import type { Connection } from './transport.ts';

/** What the engine has: kept by its events, replaced by each snapshot. Never written by anything else. */
export interface LiveState {
  readonly connection: Connection;
  /** False until the first snapshot has arrived. */
  readonly ready: boolean;
  readonly app: AppInfo | undefined;
  readonly endpoints: ReadonlyMap<string, EndpointView>;
  readonly sockets: ReadonlyMap<number, SocketView>;
  readonly sessions: ReadonlyMap<string, SessionView>;
}

export type LiveStore = StoreApi<LiveState>;

export interface Snapshot {
  readonly endpoints: readonly EndpointView[];
  readonly sockets: readonly SocketView[];
  readonly sessions: readonly SessionView[];
}

export const emptyLive: LiveState = {
  connection: 'connecting',
  ready: false,
  app: undefined,
  endpoints: new Map(),
  sockets: new Map(),
  sessions: new Map(),
};

export function createLiveStore(): LiveStore {
  return createStore<LiveState>(() => emptyLive);
}

/** `state` with everything the engine told replaced by `snapshot`. */
export function applySnapshot(state: LiveState, snapshot: Snapshot): LiveState {
  const byId = <Id, View extends { id: Id }>(views: readonly View[]) => new Map(views.map((view) => [view.id, view]));
  return {
    ...state,
    ready: true,
    endpoints: byId(snapshot.endpoints),
    sockets: byId(snapshot.sockets),
    sessions: byId(snapshot.sessions),
  };
}

/** `state` after `event`. Pure; applying an event twice is the same as once, so a queue may overlap a snapshot. */
export function applyEvent(state: LiveState, event: WorkbenchEvent): LiveState {
  switch (event.kind) {
    case 'endpoints':
      return { ...state, endpoints: patch(state.endpoints, event.changed, event.removed) };
    case 'sockets':
      return { ...state, sockets: patch(state.sockets, event.changed, event.removed) };
    case 'sessions':
      return { ...state, sessions: patch(state.sessions, event.changed, event.removed) };
    case 'queries':
    case 'marks':
    case 'task.progress':
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

/** True while the engine cannot be reached: what the page has is how things were then. */
export function isStale({ connection }: Pick<LiveState, 'connection'>): boolean {
  return connection === 'lost' || connection === 'refused';
}

/** The session that is being recorded. */
export function recordingOf(state: LiveState): SessionView | undefined {
  for (const session of state.sessions.values()) if (session.state !== 'read-only') return session;
  return undefined;
}

/** The open connections of an endpoint: a server's accepted ones, a client's own. Oldest first. */
export function peersOf(state: Pick<LiveState, 'sockets'>, endpoint: string): SocketView[] {
  const peers: SocketView[] = [];
  for (const socket of state.sockets.values()) {
    if (socket.endpoint === endpoint && socket.role !== 'listener') peers.push(socket);
  }
  return peers;
}

/** The connections of an endpoint in which a message has been incomplete for a second: the first, and how many there are. */
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

/** Returns the framing of a peer that differs from its endpoint's, in the command line's spelling; empty where it does not. */
export function ownFramingOf({ endpoints }: Pick<LiveState, 'endpoints'>, socket: SocketView): string {
  const endpoint = endpoints.get(socket.endpoint);
  if (endpoint === undefined || abilitiesOf(socket.transport).messageOriented) return '';
  return socket.framing === formatFraming(endpoint.config.framing) ? '' : socket.framing;
}

/** Returns how many bytes have been received of messages that are not complete, and so are not in a record yet. */
export function waitingOf({ sockets }: Pick<LiveState, 'sockets'>): number {
  let bytes = 0;
  for (const { incomplete } of sockets.values()) bytes += incomplete?.bytes ?? 0;
  return bytes;
}

/** True for a socket that is closed, in whatever way. */
export function isEnded({ state }: Pick<SocketView, 'state'>): boolean {
  return state === 'closed' || state === 'reset' || state === 'failed';
}

/** True while bytes can be sent on `socket`. */
export function canSend(socket: SocketView): boolean {
  return (socket.state === 'connected' || socket.state === 'half-closed') && !socket.writeEnded;
}
