import { showDialog } from './dialogs-store.ts';
import { applyEndpointView, isOpenState } from './endpoint-commands.ts';
import { applyEvent, isEnded, type LiveState, recordingOf } from './live-store.ts';
import { showDone, showFailure } from './notices-store.ts';
import type { Services } from './services.ts';
import { refreshStored } from './stored-store.ts';

/** What must be closed before another session starts. */
interface OpenParts {
  readonly endpoints: readonly string[];
  /** Connections, including those of a stopped server. */
  readonly connections: readonly number[];
}

export function openParts({ endpoints, sockets }: Pick<LiveState, 'endpoints' | 'sockets'>): OpenParts {
  return {
    endpoints: [...endpoints.values()].filter(isOpenState).map(({ id }) => id),
    connections: [...sockets.values()]
      .filter((socket) => socket.role !== 'listener' && !isEnded(socket))
      .map(({ id }) => id),
  };
}

/** Starts a new session. Asks first if that closes something. */
export async function askNewSession(services: Services): Promise<void> {
  const { endpoints, connections } = openParts(services.live.getState());
  if (endpoints.length + connections.length === 0) await newSession(services);
  else showDialog(services.dialogs, { kind: 'new-session' });
}

/** Closes all endpoints, ends the session that is being recorded and starts a new one. */
export async function newSession(services: Services): Promise<void> {
  const { client, live, notices } = services;
  const before = recordingOf(live.getState());
  // Also stopped servers: closing them closes their remaining connections.
  for (const id of live.getState().endpoints.keys()) {
    const closed = await client.call('endpoints.close', { id });
    if (closed.ok) applyEndpointView(services, closed.value);
  }
  const begun = await client.call('sessions.begin', {});
  if (!begun.ok) {
    showFailure(notices, begun.error);
    return;
  }
  const { value } = begun;
  const removed = before === undefined ? [] : [before.id];
  live.setState((state) => applyEvent(state, { kind: 'sessions', changed: [value], removed }));
  const isKept = before !== undefined && before.total > 0;
  showDone(notices, 'New session started', isKept ? `“${before.name}” is listed under Recent sessions.` : value.path);
  await refreshStored(services);
}
