import type { Client } from '#shared/contract/client.ts';
import type { WorkbenchEvent } from '#shared/contract/contract.ts';
import { applyEvent, applySnapshot, type LiveStore } from './live-store.ts';
import type { PageTransport } from './transport.ts';

/**
 * Keeps `live` as the engine is: subscribes first, queues what is pushed, asks for a snapshot, applies the queue on top.
 * Does so again each time the connection comes back. Gives the function that ends it.
 */
export function syncLive(
  client: Client,
  transport: Pick<PageTransport, 'connection' | 'onConnection'>,
  live: LiveStore,
  onProgress: (event: WorkbenchEvent & { kind: 'task.progress' }) => void,
): () => void {
  let queue: WorkbenchEvent[] | undefined = [];
  let run = 0;

  const receive = (event: WorkbenchEvent) => {
    if (event.kind === 'task.progress') onProgress(event);
    else if (queue) queue.push(event);
    else live.setState((state) => applyEvent(state, event));
  };

  const refresh = async () => {
    run += 1;
    const mine = run;
    queue = [];
    const [snapshot, app] = await Promise.all([client.call('app.snapshot', {}), client.call('app.info', {})]);
    // The connection was lost and came back meanwhile: the newer snapshot is the one that counts.
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
  // One that is still being made is news when it stands.
  if (transport.connection === 'open') void refresh();
  return () => {
    stopEvents();
    stopConnection();
  };
}
