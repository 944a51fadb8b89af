import type { EndpointView, SocketView } from '#shared/contract/models.ts';
import { type Failure, fail } from '#shared/failure.ts';
import { formatPayload, payloadBytes, validatePayload } from '#shared/payload/payload.ts';
import { type PayloadProblem, problemText } from '#shared/payload/problem.ts';
import { changeDraft, type Draft, draftOf, replaceDraft, type SendOutcome } from './drafts-store.ts';
import { canSend, type LiveState, peersOf } from './live-store.ts';
import { showFailure } from './notices-store.ts';
import { readPace } from './pace-form.ts';
import { pickFile } from './pick-file.ts';
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
  if (target.kind === 'all') return open;
  const wanted = new Set(target.sockets);
  return open.filter((id) => wanted.has(id));
}

/** True where `targetsOf` gives any: found without looking at thousands of peers. */
export function hasTarget(
  live: Pick<LiveState, 'sockets'>,
  endpoint: EndpointView | undefined,
  draft: Pick<Draft, 'target'>,
): boolean {
  if (!endpoint) return false;
  if (endpoint.config.role === 'client') return targetsOf(live, endpoint, draft).length > 0;
  const fits = (socket: SocketView | undefined) =>
    socket !== undefined && socket.endpoint === endpoint.id && socket.role !== 'listener' && canSend(socket);
  const { target } = draft;
  if (target.kind === 'some') return target.sockets.some((id) => fits(live.sockets.get(id)));
  for (const socket of live.sockets.values()) if (fits(socket)) return true;
  return false;
}

/** The first error of `text` as XML, by the strict parser, which is loaded when it is first needed. */
async function strictProblem(text: string): Promise<PayloadProblem | undefined> {
  const { listProblems } = await import('#shared/payload/list-problems.ts');
  const error = listProblems('xml', text).find(({ severity }) => severity === 'error');
  return error && { ...error, reason: error.message };
}

/** What a draft sends: bytes or a file, or why it cannot be sent. */
function contentOf(
  draft: Draft,
  anyway: boolean,
  strict?: PayloadProblem,
): { bytes: Uint8Array } | { file: string } | { error: Failure } {
  const { format, text, file } = draft;
  if (file) return { file: file.path };
  const refuse = (message: string, hint: string, system = '') => fail('bad-input', message, { hint, system });
  const problem = validatePayload(format, text) ?? strict;
  const bytes = payloadBytes(format, text);
  if (!bytes.ok) return refuse('This is not hex, so there are no bytes to send', problemText(bytes.problem));
  if (problem && !anyway) {
    const hint = 'Correct it, or send it anyway.';
    return refuse(`This is not valid ${format.toUpperCase()}`, hint, problemText(problem));
  }
  if (bytes.value.length === 0) return refuse('There is nothing to send', 'Write a payload or choose a sample.');
  return { bytes: bytes.value };
}

/**
 * Sends the draft of a tab to its targets. An invalid one goes only `anyway`. How far it is, and what became of it, stays
 * in the draft.
 */
export async function sendDraft(services: Services, tabId: string, options: { anyway: boolean }): Promise<void> {
  const { client, drafts, live, tabs } = services;
  const tab = endpointTabOf(tabs.getState(), tabId);
  const draft = draftOf(drafts.getState(), tabId);
  if (!tab || draft.sending) return;
  const endpoint = tab.endpoint === undefined ? undefined : live.getState().endpoints.get(tab.endpoint);
  const change = (next: Parameters<typeof changeDraft>[2]) => changeDraft(drafts, tabId, next);
  const end = (outcome: SendOutcome) => change({ sending: undefined, outcome });
  const refuse = (failure: Failure, failed = 0) => end({ sockets: 0, bytes: 0, failed, failure });

  const strict = draft.format === 'xml' && !draft.file && !options.anyway ? await strictProblem(draft.text) : undefined;
  if (draftOf(drafts.getState(), tabId).sending) return;
  const content = contentOf(draft, options.anyway, strict);
  if ('error' in content) return refuse(content.error);
  const read = readPace(draft.pace);
  if (!read.ok) {
    const system = Object.values(read.errors)[0] ?? '';
    return refuse(fail('bad-input', 'The pace is not right', { system, hint: 'Correct it next to Send.' }).error);
  }
  const sockets = targetsOf(live.getState(), endpoint, draft);
  if (sockets.length === 0) {
    const hint =
      tab.form.role === 'client' ? 'Connect first.' : 'Wait for a client to connect, or choose another peer.';
    return refuse(fail('bad-input', 'There is no open connection to send to', { hint }).error);
  }
  const task = crypto.randomUUID();
  change({ sending: { task, done: 0, total: 0 }, outcome: undefined });
  const { frame } = draft;
  const pace = read.pace === undefined ? {} : { pace: read.pace };
  const result = await client.call('sockets.send', { sockets, ...content, frame, ...pace, task });
  if (!result.ok) return refuse(result.error, sockets.length);
  const errors = result.value.sent.flatMap(({ error }) => (error ? [error] : []));
  const failure = errors.find(({ code }) => code !== 'cancelled');
  end({
    sockets: result.value.sent.length - errors.length,
    bytes: result.value.sent.reduce((sum, sent) => sum + sent.bytes, 0),
    failed: errors.length,
    failure,
    cancelled: errors.length > 0 && failure === undefined,
  });
}

/** Ends the send of a tab: what the kernel has taken is on its way, the rest is not sent. */
export async function cancelSend({ client, drafts, notices }: Services, tabId: string): Promise<void> {
  const { sending } = draftOf(drafts.getState(), tabId);
  if (!sending) return;
  const answer = await client.call('tasks.cancel', { task: sending.task });
  if (!answer.ok) showFailure(notices, answer.error);
}

/** Lets the user choose a file that is sent as it is, of any size, instead of the text. */
export async function chooseFileToSend(services: Services, tabId: string): Promise<void> {
  const file = await pickFile(services, 'Send a file');
  if (file) changeDraft(services.drafts, tabId, { file, outcome: undefined });
}

/** Lays the draft of a tab out for reading. What it means does not change; a draft with an error stays and says so. */
export function formatDraft({ drafts }: Services, tabId: string): void {
  const { format, text, lineEnd } = draftOf(drafts.getState(), tabId);
  const pretty = formatPayload(format, text, lineEnd);
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
