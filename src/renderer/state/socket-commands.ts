import type { EndpointView, SocketView } from '#shared/contract/models.ts';
import type { Result } from '#shared/failure.ts';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
import type { BadFrame } from '#shared/framing/spec.ts';
import { abilitiesOf } from '#shared/socket/transports.ts';
import { canSend } from '../bridge/live-store.ts';
import type { Action } from './action.ts';
import { applyEndpointView, changeForm, closeEndpoint, openTabEndpoint, targetPeer } from './endpoint-commands.ts';
import { framingFormOf } from './framing-form.ts';
import { showFailure } from './notices.ts';
import { offerReframing } from './reframe.ts';
import type { Services } from './services.ts';
import { endpointTabOf, withEndpointTab } from './tabs.ts';

/** Makes a server call accept(), or stops it: new connections then wait in the backlog. */
export async function setAccepting(services: Services, { id }: EndpointView, accepting: boolean): Promise<void> {
  const answer = await services.client.call('endpoints.accepting', { id, accepting });
  if (answer.ok) applyEndpointView(services, answer.value);
  else showFailure(services.notices, answer.error);
}

/** Resumes or stops reading from a socket. While stopped, the peer is eventually blocked by flow control. */
async function setReading(services: Services, socket: number, reading: boolean): Promise<void> {
  const answer = await services.client.call('sockets.reading', { socket, reading });
  if (!answer.ok) showFailure(services.notices, answer.error);
}

/** Sends a ping without a payload on a WebSocket. */
async function sendPing(services: Services, socket: number): Promise<void> {
  const result = await services.client.call('sockets.ping', { socket, payload: new Uint8Array(0) });
  if (!result.ok) showFailure(services.notices, result.error);
}

/** Ends one direction of a connection, or all of it. */
async function endSocket(services: Services, how: 'shutdown' | 'close' | 'reset', socket: number): Promise<void> {
  const result = await services.client.call(`sockets.${how}`, { socket });
  if (!result.ok) showFailure(services.notices, result.error);
}

/** Adds a UDP peer that has not sent anything yet, and sets the composer to send to it. */
export async function addPeer(
  services: Services,
  { id }: EndpointView,
  host: string,
  port: number,
): Promise<Result<{ socket: number }>> {
  const answer = await services.client.call('endpoints.addPeer', { id, host, port });
  if (answer.ok) targetPeer(services, { id: answer.value.socket, endpoint: id });
  return answer;
}

/**
 * Changes the framing of one socket for the bytes still to be framed; `badFrame` says what happens when bytes do not match
 * it. A client has only one socket, so its form is updated too.
 */
export async function frameSocket(
  services: Services,
  socket: number,
  framing: FramingSpec,
  badFrame: BadFrame,
): Promise<Result<object>> {
  const { client, live, tabs } = services;
  const framed = await client.call('sockets.frame', { socket, framing, badFrame });
  const { endpoints, sockets } = live.getState();
  const endpoint = endpoints.get(sockets.get(socket)?.endpoint ?? '');
  if (!framed.ok || endpoint?.config.role !== 'client') return framed;
  const now = { ...endpoint, config: { ...endpoint.config, framing, badFrame } };
  applyEndpointView(services, now);
  offerReframing(services, endpoint, now);
  const tab = tabs.getState().tabs.find((other) => other.kind === 'endpoint' && other.endpoint === endpoint.id);
  const change = { ...framingFormOf(framing), badFrame };
  if (tab?.kind === 'endpoint') {
    tabs.setState((state) => withEndpointTab(state, tab.id, { form: { ...tab.form, ...change } }));
  }
  return framed;
}

/** Trusts the certificate with `fingerprint` for the endpoint of a tab, and connects again. */
export async function trustAndOpen(services: Services, tabId: string, fingerprint: string): Promise<void> {
  const tab = endpointTabOf(services.tabs.getState(), tabId);
  if (!tab) return;
  const known = tab.form['tls.trusted'].split(/[\s,]+/).filter(Boolean);
  const trusted = known.includes(fingerprint) ? known : [...known, fingerprint];
  // It may be waiting to reconnect with its old configuration.
  if (tab.endpoint !== undefined) await closeEndpoint(services, tab.endpoint);
  changeForm(services, tabId, { 'tls.trusted': trusted.join(', ') });
  await openTabEndpoint(services, tabId);
}

/** Makes a client that waits for its next attempt connect immediately. */
export async function connectNow(services: Services, tabId: string): Promise<void> {
  const tab = endpointTabOf(services.tabs.getState(), tabId);
  if (tab?.endpoint === undefined) return;
  await closeEndpoint(services, tab.endpoint);
  await openTabEndpoint(services, tabId);
}

/** Returns an action on the connection in the context. */
function socketAction(
  { id, label, detail, help, danger = false }: Pick<Action, 'id' | 'detail' | 'help' | 'danger'> & { label: string },
  applies: (socket: SocketView) => boolean,
  enabled: (socket: SocketView) => boolean,
  run: (services: Services, socket: number) => Promise<void>,
): Action {
  return {
    id,
    label,
    title: ({ socket }) => `${label}: ${socket?.peer || `socket ${socket?.id}`}`,
    detail: detail ?? '',
    help: help ?? '',
    danger,
    applies: ({ socket }) => socket !== undefined && applies(socket),
    enabled: ({ socket }) => socket !== undefined && enabled(socket),
    run: ({ services, socket }) => {
      if (socket) void run(services, socket.id);
    },
  };
}

const isOpen = ({ state }: SocketView) => state === 'connected' || state === 'half-closed';

/** The actions on a connection: offered in the state line, in menus and in the palette. */
export const socketActions: readonly Action[] = [
  socketAction(
    {
      id: 'read',
      label: 'Resume reading',
      detail: 'recv()',
      help: 'Calls recv() again. Queued data arrives immediately.',
    },
    ({ readingStopped }) => readingStopped,
    isOpen,
    (services, socket) => setReading(services, socket, true),
  ),
  socketAction(
    {
      id: 'stop-reading',
      label: 'Stop reading',
      detail: 'no recv()',
      help: 'Stops calling recv(). Data (and FIN/RST) queue in the kernel until the window closes and the peer blocks.',
    },
    ({ readingStopped }) => !readingStopped,
    (socket) => isOpen(socket) && !socket.readEnded,
    (services, socket) => setReading(services, socket, false),
  ),
  socketAction(
    {
      id: 'ping',
      label: 'Send ping',
      detail: 'PING',
      help: 'Sends a WebSocket ping. Ping and pong are recorded as events.',
    },
    ({ transport }) => transport === 'ws' || transport === 'wss',
    canSend,
    sendPing,
  ),
  socketAction(
    {
      id: 'shutdown',
      label: 'Shut down writing',
      detail: 'FIN',
      help: 'Sends a FIN. Sending ends; receiving continues.',
    },
    ({ transport }) => abilitiesOf(transport).halfClose,
    canSend,
    (services, socket) => endSocket(services, 'shutdown', socket),
  ),
  socketAction(
    {
      id: 'close',
      label: 'Close',
      detail: 'close()',
      help: 'Ends both directions and releases the socket.',
    },
    () => true,
    isOpen,
    (services, socket) => endSocket(services, 'close', socket),
  ),
  socketAction(
    {
      id: 'reset',
      label: 'Reset',
      detail: 'RST',
      help: 'Aborts the connection immediately. The peer’s next call fails with ECONNRESET.',
      danger: true,
    },
    ({ transport }) => abilitiesOf(transport).reset,
    isOpen,
    (services, socket) => endSocket(services, 'reset', socket),
  ),
];
