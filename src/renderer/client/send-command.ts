import { fail } from '#shared/contract/failure.ts';
import type { EndpointView } from '#shared/contract/models.ts';
import { formatPayload, payloadBytes, validatePayload } from '#shared/payload/payload.ts';
import { problemText } from '#shared/payload/problem.ts';
import { changeDraft, type Draft, draftOf, replaceDraft } from './drafts-store.ts';
import { canSend, type LiveState, peersOf } from './live-store.ts';
import { showFailure } from './notices-store.ts';
import type { Services } from './services.ts';
import { endpointTabOf } from './tabs-store.ts';

/** The sockets that a draft of `endpoint` goes to now: those of its target that can still send. */
export function targetsOf(
  live: Pick<LiveState, 'sockets'>,
  endpoint: EndpointView | undefined,
  draft: Pick<Draft, 'target'>,
): number[] {
  if (!endpoint) return [];
  if (endpoint.config.role === 'client') {
    // The endpoint's own state counts: it is told before its socket's.
    const isConnected = endpoint.state === 'connected' || endpoint.state === 'half-closed';
    const open = isConnected && live.sockets.get(endpoint.socket)?.writeEnded !== true;
    return open ? [endpoint.socket] : [];
  }
  const { target } = draft;
  const open = peersOf(live, endpoint.id)
    .filter(canSend)
    .map(({ id }) => id);
  return target.kind === 'all' ? open : open.filter((id) => target.sockets.includes(id));
}

/** Sends the draft of a tab to its targets. An invalid one goes only `anyway`. What became of it stays in the draft. */
export async function sendDraft(services: Services, tabId: string, options: { anyway: boolean }): Promise<void> {
  const { client, drafts, live, tabs } = services;
  const tab = endpointTabOf(tabs.getState(), tabId);
  const draft = draftOf(drafts.getState(), tabId);
  if (!tab || draft.sending) return;
  const endpoint = tab.endpoint === undefined ? undefined : live.getState().endpoints.get(tab.endpoint);
  const change = (next: Parameters<typeof changeDraft>[2]) => changeDraft(drafts, tabId, next);
  const refuse = (message: string, hint: string, system = '') =>
    change({
      outcome: { sockets: 0, bytes: 0, failed: 0, failure: fail('bad-input', message, { hint, system }).error },
    });

  const problem = validatePayload(draft.format, draft.text);
  const bytes = payloadBytes(draft.format, draft.text);
  if (!bytes.ok) return refuse('This is not hex, so there are no bytes to send', problemText(bytes.problem));
  if (problem && !options.anyway) {
    const hint = 'Correct it, or send it anyway.';
    return refuse(`This is not valid ${draft.format.toUpperCase()}`, hint, problemText(problem));
  }
  if (bytes.value.length === 0) return refuse('There is nothing to send', 'Write a payload or choose a sample.');
  const sockets = targetsOf(live.getState(), endpoint, draft);
  if (sockets.length === 0) {
    const hint =
      tab.form.role === 'client' ? 'Connect first.' : 'Wait for a client to connect, or choose another peer.';
    return refuse('There is no open connection to send to', hint);
  }
  change({ sending: true, outcome: undefined });
  const result = await client.call('sockets.send', { sockets, bytes: bytes.value, frame: draft.frame });
  if (!result.ok)
    return change({ sending: false, outcome: { sockets: 0, bytes: 0, failed: sockets.length, failure: result.error } });
  const errors = result.value.sent.flatMap(({ error }) => (error ? [error] : []));
  change({
    sending: false,
    outcome: {
      sockets: result.value.sent.length - errors.length,
      bytes: result.value.sent.reduce((sum, sent) => sum + sent.bytes, 0),
      failed: errors.length,
      failure: errors[0],
    },
  });
}

/** Lays the draft of a tab out for reading. What it means does not change; a draft with an error stays and says so. */
export function formatDraft({ drafts }: Services, tabId: string): void {
  const { format, text } = draftOf(drafts.getState(), tabId);
  const pretty = formatPayload(format, text);
  if (!pretty.ok) {
    const message = `This is not valid ${format.toUpperCase()}, so it cannot be laid out`;
    const { error } = fail('bad-input', message, { system: problemText(pretty.problem), hint: 'Correct it first.' });
    changeDraft(drafts, tabId, { outcome: { sockets: 0, bytes: 0, failed: 0, failure: error } });
  }
  if (pretty.ok && pretty.value !== text) {
    const { changed } = draftOf(drafts.getState(), tabId);
    replaceDraft(drafts, tabId, { format, text: pretty.value, changed });
  }
}

/** Ends one direction of a connection, or all of it. */
export async function endSocket(
  services: Services,
  how: 'shutdown' | 'close' | 'reset',
  socket: number,
): Promise<void> {
  const result = await services.client.call(`sockets.${how}`, { socket });
  if (!result.ok) showFailure(services.notices, result.error);
}
