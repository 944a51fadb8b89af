import type { Client } from '#shared/contract/client.ts';
import type { WorkbenchEvent } from '#shared/contract/contract.ts';
import { applyEvent, applySnapshot, type LiveStore } from './live-store.ts';
import type { PageTransport } from './transport.ts';

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
