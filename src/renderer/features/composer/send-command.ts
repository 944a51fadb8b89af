import { createStore, type StoreApi } from 'zustand/vanilla';
import type { CallOutput } from '#shared/contract/contract.ts';
import type { WrittenPayload } from '#shared/contract/documents.ts';
import type { JobView } from '#shared/contract/jobs/catalogue.ts';
import type { EndpointView, Pace, SocketView } from '#shared/contract/models.ts';
import { type Failure, fail, ok, type Result } from '#shared/failure.ts';
import { parseFraming } from '#shared/framing/spec.ts';
import { payloadBytes } from '#shared/payload/payload.ts';
import { type Problem, problemText } from '#shared/payload/problem.ts';
import { canSend, type LiveState, peersOf } from '../../bridge/live-store.ts';
import { changeDraft, type Draft, draftOf, isPlain, type SendOutcome, writtenOf } from '../../state/drafts.ts';
import { showFailure } from '../../state/notices.ts';
import { pickFile } from '../../state/pick-file.ts';
import type { Services } from '../../state/services.ts';
import { type EndpointTab, endpointTabOf } from '../../state/tabs.ts';
import { errorOf } from './payload-threads.ts';
import { readPace, readRepeat } from './send-forms.ts';
import { createEscapesView, needsByteCheck } from './written-payload.ts';

/** Returns the sockets that a draft of `endpoint` is sent to: those of its target that can still send. */
export function targetsOf(
  live: Pick<LiveState, 'sockets'>,
  endpoint: EndpointView | undefined,
  draft: Pick<Draft, 'target'>,
): number[] {
  if (!endpoint) return [];
  if (endpoint.config.role === 'client') {
    // The endpoint's state counts: it is updated before its socket's.
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

/** Returns true if `targetsOf` is not empty, without visiting thousands of peers. */
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

type Content =
  | { readonly bytes: Uint8Array }
  | { readonly payload: WrittenPayload }
  | { readonly file: string }
  | { readonly error: Failure };

/** What prevents sending a draft. */
interface Obstacle extends Problem {
  /** The text is valid in its format, but cannot be made into bytes. */
  readonly isOfBytes: boolean;
}

/** Returns the bytes, the payload or the file to send, or why the draft cannot be sent. `problem` prevents sending. */
export function contentOf(services: Pick<Services, 'workspace'>, draft: Draft, problem: Obstacle | undefined): Content {
  const { format, text, file, frame } = draft;
  if (file) return { file: file.handle };
  const refuse = (message: string, hint: string, system = '') => fail('bad-input', message, { hint, system });
  const framing = frame && draft.framing !== undefined ? parseFraming(draft.framing) : undefined;
  const isOwn = !isPlain(draft) || framing !== undefined;
  const bytes = draft.template ? undefined : payloadBytes(format, text);
  if (bytes?.ok === false)
    return refuse('The payload could not be sent: it is not valid hex', problemText(bytes.problem));
  if (problem) {
    const system = problemText({ ...problem, reason: problem.message });
    if (problem.isOfBytes) {
      const hint = 'Correct the payload, or select another encoding or checksum.';
      return refuse('The payload was not sent: its bytes cannot be made', hint, system);
    }
    const hint = 'Correct the payload, or select Send anyway.';
    return refuse(`The payload was not sent: it is not valid ${format.toUpperCase()}`, hint, system);
  }
  if (text === '' || bytes?.value.length === 0)
    return refuse('The payload was not sent: it is empty', 'Enter a payload or select a sample.');
  const payload = { ...writtenOf(services, draft), ...(framing && { framing }) };
  return isOwn || !bytes ? { payload } : { bytes: bytes.value };
}

interface Prepared {
  readonly sockets: number[];
  readonly bytes?: Uint8Array;
  readonly payload?: WrittenPayload;
  readonly file?: string;
  readonly frame: boolean;
  readonly pace?: Pace;
}

/**
 * Returns true for a draft whose format is checked before it is sent: text is always valid, invalid hex is found when it is converted, and
 * a template is not yet a document.
 */
export function isChecked({ file, format, template }: Draft, options: { readonly anyway: boolean }): boolean {
  return !options.anyway && !file && !template && (format === 'json' || format === 'xml');
}

/** Returns what prevents sending a draft; a promise only if it has to be checked. The main process checks templates, for each peer. */
export function obstacleOf(
  { client, workspace, own }: Services,
  tab: string,
  draft: Draft,
  options: { readonly anyway: boolean },
): Promise<Obstacle | undefined> | undefined {
  const wrong = draft.file ? undefined : own(createEscapesView).getState().problems.get(tab);
  if (wrong) return Promise.resolve({ ...wrong, message: wrong.reason, severity: 'error', isOfBytes: true });
  const isOfFormat = isChecked(draft, options);
  const isOfBytes = !draft.file && !draft.template && needsByteCheck(draft);
  if (!isOfFormat && !isOfBytes) return undefined;
  const find = async (): Promise<Obstacle | undefined> => {
    const mistake = isOfFormat ? await errorOf(draft) : undefined;
    if (mistake || !isOfBytes) return mistake && { ...mistake, isOfBytes: false };
    const { checkBytes } = await import('./check-bytes.ts');
    const { problems, isUnsendable } = await checkBytes(client, writtenOf({ workspace }, draft), undefined);
    const found = problems.find(({ severity }) => severity === 'error');
    return found && (isUnsendable || !options.anyway) ? { ...found, isOfBytes: isUnsendable } : undefined;
  };
  return find();
}

/** Returns what to do about a tab without an open connection. */
export function connectionHint({ form }: Pick<EndpointTab, 'form'>): string {
  return form.role === 'client' ? 'Connect first.' : 'Wait for a client to connect, or select another peer.';
}

/**
 * Returns what a draft sends to which sockets, or why it cannot be sent; `undefined` if a send has started meanwhile. `problem`
 * prevents sending.
 */
function prepareSend(
  { drafts, live, tabs, workspace }: Pick<Services, 'drafts' | 'live' | 'tabs' | 'workspace'>,
  tabId: string,
  draft: Draft,
  problem: Obstacle | undefined,
): Result<Prepared> | undefined {
  const tab = endpointTabOf(tabs.getState(), tabId);
  if (!tab || draftOf(drafts.getState(), tabId).sending) return undefined;
  const content = contentOf({ workspace }, draft, problem);
  if ('error' in content) return { ok: false, error: content.error };
  const read = readPace(draft.pace);
  if (!read.ok) {
    const system = Object.values(read.errors)[0] ?? '';
    const hint = 'Correct the timing next to Send.';
    return fail('bad-input', 'The payload was not sent: invalid send timing', { system, hint });
  }
  const endpoint = tab.endpoint === undefined ? undefined : live.getState().endpoints.get(tab.endpoint);
  const sockets = targetsOf(live.getState(), endpoint, draft);
  if (sockets.length === 0) {
    const hint = connectionHint(tab);
    return fail('bad-input', 'The payload was not sent: there is no open connection', { hint });
  }
  return ok({ sockets, ...content, frame: draft.frame, ...(read.pace && { pace: read.pace }) });
}

/**
 * Sends the draft of a tab to its targets. An invalid draft is sent only with `anyway`. Progress and result are stored in the
 * draft.
 */
export async function sendDraft(services: Services, tabId: string, options: { anyway: boolean }): Promise<void> {
  const { client, drafts } = services;
  const change = (next: Parameters<typeof changeDraft>[2]) => changeDraft(drafts, tabId, next);
  const end = (outcome: SendOutcome) => change({ sending: undefined, outcome });
  const refuse = (failure: Failure, failed = 0) => end({ sockets: 0, bytes: 0, failed, failure });
  const draft = draftOf(drafts.getState(), tabId);
  // Without a check it is marked as being sent immediately, so that it is not sent twice.
  const obstacle = obstacleOf(services, tabId, draft, options);
  const prepared = prepareSend(services, tabId, draft, obstacle && (await obstacle));
  if (!prepared) return;
  if (!prepared.ok) return refuse(prepared.error);
  const { sockets } = prepared.value;
  const job = crypto.randomUUID();
  change({ sending: { job, done: 0, total: 0 }, outcome: undefined });
  const result = await client.call('sockets.send', { ...prepared.value, job });
  if (!result.ok) return refuse(result.error, sockets.length);
  end(outcomeOf(result.value.sent));
}

/** Returns the outcome of a send from its result on each socket. */
export function outcomeOf(sent: CallOutput<'sockets.send'>['sent']): SendOutcome {
  const errors = sent.flatMap(({ error }) => (error ? [error] : []));
  const failure = errors.find(({ code }) => code !== 'cancelled');
  return {
    sockets: sent.length - errors.length,
    bytes: sent.reduce((sum, { bytes }) => sum + bytes, 0),
    failed: errors.length,
    failure,
    cancelled: errors.length > 0 && failure === undefined,
  };
}

/** Cancels the send of a tab. Bytes that the kernel has accepted are still delivered; the rest is not sent. */
export async function cancelSend({ client, drafts, notices }: Services, tabId: string): Promise<void> {
  const { sending } = draftOf(drafts.getState(), tabId);
  if (!sending) return;
  const answer = await client.call('jobs.cancel', { job: sending.job });
  if (!answer.ok) showFailure(notices, answer.error);
}

/** Lets the user select a file of any size to send, unchanged, instead of the text. */
export async function selectFileToSend(services: Services, tabId: string): Promise<void> {
  const file = await pickFile(services, 'Send a file');
  if (file) changeDraft(services.drafts, tabId, { file, outcome: undefined });
}

interface RepeatPanel {
  /** The tab whose settings of a repeated send are open. */
  readonly tab: string | undefined;
}

/** Creates the state of the panel with the settings of a repeated send. */
export function createRepeatPanel(): StoreApi<RepeatPanel> {
  return createStore<RepeatPanel>(() => ({ tab: undefined }));
}

/** Returns the repeated send of an endpoint: the one that runs, or else the last one that has ended. */
export function repeatOf(
  { jobs }: Pick<LiveState, 'jobs'>,
  endpoint: string | undefined,
): JobView<'repeat'> | undefined {
  const own = [...jobs.values()].flatMap((job) => (job.kind === 'repeat' && job.endpoint === endpoint ? [job] : []));
  return own.find(({ state }) => state === 'running') ?? own.at(-1);
}

/**
 * Starts sending the draft of a tab repeatedly to its targets. An invalid draft is sent only with `anyway`. The engine sends,
 * so that the job continues without the page.
 */
export async function startRepeat(services: Services, tabId: string, options: { anyway: boolean }): Promise<void> {
  const { client, drafts } = services;
  const refuse = (failure: Failure) =>
    changeDraft(drafts, tabId, { outcome: { sockets: 0, bytes: 0, failed: 0, failure } });
  const draft = draftOf(drafts.getState(), tabId);
  const read = readRepeat(draft.repeat);
  if (!read.ok) return;
  const obstacle = obstacleOf(services, tabId, draft, options);
  const prepared = prepareSend(services, tabId, draft, obstacle && (await obstacle));
  if (!prepared) return;
  if (!prepared.ok) return refuse(prepared.error);
  changeDraft(drafts, tabId, { outcome: undefined });
  const started = await client.call('jobs.start', { kind: 'repeat', ...prepared.value, ...read.plan });
  if (!started.ok) refuse(started.error);
}

/** Stops a job immediately. */
export async function stopJob({ client, notices }: Pick<Services, 'client' | 'notices'>, job: string): Promise<void> {
  const answer = await client.call('jobs.cancel', { job });
  if (!answer.ok) showFailure(notices, answer.error);
}

/** Removes an ended job, with its result, from the list. */
export async function clearJob({ client, notices }: Pick<Services, 'client' | 'notices'>, job: string): Promise<void> {
  const answer = await client.call('jobs.clear', { job });
  if (!answer.ok) showFailure(notices, answer.error);
}
