import type { SessionView } from '#shared/contract/models.ts';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
import { formatFraming } from '#shared/framing/spec.ts';
import { applyEvent } from './live-store.ts';
import { endTask, putTask, showDone, showFailure } from './notices-store.ts';
import { showSession } from './open-commands.ts';
import type { Services } from './services.ts';

/**
 * Makes a session in which the recorded streams of `sockets` (all, where none is given) are cut by `framing`, and shows it.
 * The recorded one stays. Progress is a task that can be cancelled.
 */
export async function reframeSession(
  services: Services,
  session: SessionView,
  framing: FramingSpec,
  sockets: readonly number[] | undefined,
): Promise<void> {
  const { client, notices } = services;
  const task = crypto.randomUUID();
  const label = `Framing ${session.name} as ${formatFraming(framing)}`;
  const cancel = () => void client.call('tasks.cancel', { task });
  putTask(notices, { id: task, label, done: 0, total: 0, unit: 'records', cancel });
  const only = sockets === undefined ? {} : { sockets: [...sockets] };
  const made = await client.call('sessions.reframe', { session: session.id, framing, task, ...only });
  endTask(notices, task);
  if (!made.ok) {
    if (made.error.code === 'cancelled') showDone(notices, 'Framing anew was cancelled', 'No session was made.');
    else showFailure(notices, made.error);
    return;
  }
  const view = made.value;
  services.live.setState((state) => applyEvent(state, { kind: 'sessions', changed: [view], removed: [] }));
  showSession(services, view.id);
}
