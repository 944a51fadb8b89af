import { assertNever } from '#shared/assert-never.ts';
import type { EndpointView, SessionView } from '#shared/contract/models.ts';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
import { formatFraming } from '#shared/framing/spec.ts';
import { abilitiesOf } from '#shared/socket/transports.ts';
import { applyEvent, recordingOf } from '../bridge/live-store.ts';
import { showDialog } from './dialogs.ts';
import { framingFormOf, wordsOf } from './framing-form.ts';
import { endFailures, endJob, putJob, showDone, showFailure, showOffer, withdrawOffer } from './notices.ts';
import type { Services } from './services.ts';
import { showSession } from './sessions.ts';

/** The streams to re-frame: those of a socket, of an endpoint, or all of the session. */
export type ReframeScope =
  | { readonly kind: 'socket'; readonly socket: number }
  | { readonly kind: 'endpoint'; readonly endpoint: string }
  | { readonly kind: 'all' };

/**
 * Creates a session with the recorded streams of `scope` split into messages by `framing`, and shows it. The recorded session
 * is not changed. Shows its progress, and can be cancelled.
 */
export async function reframeSession(
  services: Services,
  session: SessionView,
  framing: FramingSpec,
  scope: ReframeScope,
): Promise<void> {
  const { client, notices } = services;
  const job = crypto.randomUUID();
  const label = `Re-framing ${session.name} as ${formatFraming(framing)}`;
  const cancel = () => void client.call('jobs.cancel', { job });
  putJob(notices, { id: job, label, done: 0, total: 0, unit: 'records', cancel });
  const made = await client.call('sessions.reframe', { session: session.id, framing, job, ...callScope(scope) });
  endJob(notices, job);
  if (!made.ok) {
    if (made.error.code === 'cancelled') showDone(notices, 'Re-framing cancelled', 'No session was created.');
    else showFailure(notices, made.error, 're-frame');
    return;
  }
  endFailures(notices, 're-frame');
  const view = made.value;
  services.live.setState((state) => applyEvent(state, { kind: 'sessions', changed: [view], removed: [] }));
  showSession(services, view.id);
}

/** Returns the scope in the form that the contract's calls take. */
export function callScope(scope: ReframeScope): { sockets?: number[]; endpoint?: string } {
  switch (scope.kind) {
    case 'socket':
      return { sockets: [scope.socket] };
    case 'endpoint':
      return { endpoint: scope.endpoint };
    case 'all':
      return {};
    default:
      return assertNever(scope);
  }
}

/** Returns the key of the offer to re-frame an endpoint's records. */
export function offerOf(endpoint: string): string {
  return `reframe ${endpoint}`;
}

/**
 * Offers to re-frame the records of an endpoint if its framing differs from the one `before`. Otherwise the records keep
 * their boundaries.
 */
export function offerReframing(services: Services, before: EndpointView | undefined, now: EndpointView): void {
  const { live, notices, dialogs } = services;
  const session = recordingOf(live.getState());
  if (!before || !session || abilitiesOf(now.config.transport).messageOriented) return;
  const { framing } = now.config;
  if (formatFraming(before.config.framing) === formatFraming(framing)) return;
  withdrawOffer(notices, offerOf(now.id));
  const sockets = [...live.getState().sockets.values()];
  if (!sockets.some(({ endpoint, bytesIn, bytesOut }) => endpoint === now.id && bytesIn + bytesOut > 0)) return;
  showOffer(notices, {
    key: offerOf(now.id),
    text: `Framing changed to “${wordsOf(framingFormOf(framing).framing).short}”`,
    detail: 'Messages already recorded keep their boundaries.',
    label: 'Re-frame recorded data…',
    run: () => showDialog(dialogs, { kind: 'reframe', session: session.id, endpoint: now.id, framing }),
  });
}
