import { decodeUtf8 } from '#shared/bytes/text.ts';
import type { EndpointView, Pace, SocketView } from '#shared/contract/models.ts';
import { type Failure, fail, ok, type Result } from '#shared/failure.ts';
import { byteOrderMark, withByteOrderMark } from '#shared/payload/line-ends.ts';
import {
  formatPayload,
  hexLines,
  maxCheckedLength,
  type PayloadFormat,
  payloadBytes,
} from '#shared/payload/payload.ts';
import { type Checked, type Problem, problemText } from '#shared/payload/problem.ts';
import { canSend, type LiveState, peersOf } from '../../bridge/live-store.ts';
import { changeDraft, type Draft, draftOf, readPace, replaceDraft, type SendOutcome } from '../../state/drafts.ts';
import { showFailure } from '../../state/notices.ts';
import { pickFile } from '../../state/pick-file.ts';
import type { Services } from '../../state/services.ts';
import { endpointTabOf } from '../../state/tabs.ts';
import { checkBeside, quickLength } from './check-beside.ts';
import type { CheckRequest, PayloadCheck } from './check-payload.ts';

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

type Content = { readonly bytes: Uint8Array } | { readonly file: string } | { readonly error: Failure };

/** Returns the bytes or the file to send, or why the draft cannot be sent. `problem` prevents sending. */
function contentOf(draft: Draft, problem: Problem | undefined): Content {
  const { format, text, file } = draft;
  if (file) return { file: file.handle };
  const refuse = (message: string, hint: string, system = '') => fail('bad-input', message, { hint, system });
  const bytes = payloadBytes(format, text);
  if (!bytes.ok) return refuse('The payload could not be sent: it is not valid hex', problemText(bytes.problem));
  if (problem) {
    const hint = 'Correct the payload, or select Send anyway.';
    const system = problemText({ ...problem, reason: problem.message });
    return refuse(`The payload was not sent: it is not valid ${format.toUpperCase()}`, hint, system);
  }
  if (bytes.value.length === 0)
    return refuse('The payload was not sent: it is empty', 'Enter a payload or select a sample.');
  return { bytes: bytes.value };
}

/** Returns the first error of a text. The checks are loaded on demand; a worker makes those of a long text. */
export async function errorOf({ format, text }: Draft): Promise<Problem | undefined> {
  const isLong = text.length > quickLength && text.length <= maxCheckedLength;
  const found = isLong ? await checkOfLong({ format, text }) : undefined;
  const check = found ?? (await import('./check-payload.ts')).checkPayload({ format, text });
  return check.list.find(({ severity }) => severity === 'error');
}

/** Returns the worker's check; `undefined` if the worker fails. */
function checkOfLong(request: CheckRequest): Promise<PayloadCheck | undefined> {
  return new Promise((resolve) => {
    checkBeside(request, resolve, () => resolve(undefined));
  });
}

interface Prepared {
  readonly sockets: number[];
  readonly bytes?: Uint8Array;
  readonly file?: string;
  readonly frame: boolean;
  readonly pace?: Pace;
}

/** Returns true for a draft that is checked before it is sent: text is always valid, and invalid hex is found when it is converted. */
export function isChecked({ file, format }: Draft, options: { readonly anyway: boolean }): boolean {
  return !options.anyway && !file && (format === 'json' || format === 'xml');
}

/**
 * Returns what a draft sends to which sockets, or why it cannot be sent; `undefined` if a send has started meanwhile. `problem`
 * prevents sending.
 */
export function prepareSend(
  { drafts, live, tabs }: Pick<Services, 'drafts' | 'live' | 'tabs'>,
  tabId: string,
  draft: Draft,
  problem: Problem | undefined,
): Result<Prepared> | undefined {
  const tab = endpointTabOf(tabs.getState(), tabId);
  if (!tab || draftOf(drafts.getState(), tabId).sending) return undefined;
  const content = contentOf(draft, problem);
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
    const hint =
      tab.form.role === 'client' ? 'Connect first.' : 'Wait for a client to connect, or select another peer.';
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
  const prepared = prepareSend(services, tabId, draft, isChecked(draft, options) ? await errorOf(draft) : undefined);
  if (!prepared) return;
  if (!prepared.ok) return refuse(prepared.error);
  const { sockets } = prepared.value;
  const job = crypto.randomUUID();
  change({ sending: { job, done: 0, total: 0 }, outcome: undefined });
  const result = await client.call('sockets.send', { ...prepared.value, job });
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

/** Converts the draft of a tab from a Python literal to JSON; undo restores it. An invalid draft is not changed, and its error is shown. */
export async function convertPython(services: Services, tabId: string): Promise<void> {
  const { pythonToJson } = await import('#shared/payload/python.ts');
  convertDraft(services, tabId, 'json', pythonToJson);
}

/** Converts the draft of a tab from JSON to XML or back; undo restores it. An invalid draft is not changed, and its error is shown. */
export async function convertDocument(services: Services, tabId: string, to: 'json' | 'xml'): Promise<void> {
  const { jsonToXml, xmlToJson } = await import('#shared/payload/convert.ts');
  convertDraft(services, tabId, to, to === 'xml' ? jsonToXml : xmlToJson);
}

function convertDraft(
  { drafts }: Services,
  tabId: string,
  to: 'json' | 'xml',
  convert: (text: string) => Checked<string>,
): void {
  const { text } = draftOf(drafts.getState(), tabId);
  const hasMark = text.startsWith(byteOrderMark);
  const converted = convert(hasMark ? text.slice(byteOrderMark.length) : text);
  if (!converted.ok) {
    const { error } = fail('bad-input', `The payload could not be converted to ${to.toUpperCase()}`, {
      system: problemText(converted.problem),
      hint: 'Correct it first.',
    });
    changeDraft(drafts, tabId, { outcome: { sockets: 0, bytes: 0, failed: 0, failure: error } });
    return;
  }
  replaceDraft(drafts, tabId, { format: to, text: withByteOrderMark(converted.value, hasMark), changed: true });
}

/**
 * Selects the format of a tab's draft. Converting to hex and back keeps the bytes: text becomes the hex of its UTF-8 bytes, and
 * hex the text that its bytes encode. If they are not valid UTF-8, or the text is already hex, the text stays unchanged.
 */
export function selectFormat({ drafts }: Services, tabId: string, format: PayloadFormat): void {
  const { format: before, text, changed } = draftOf(drafts.getState(), tabId);
  const isHex = format === 'hex';
  const keepsText = isHex === (before === 'hex') || text === '' || (isHex && payloadBytes('hex', text).ok);
  const bytes = keepsText ? undefined : payloadBytes(before, text);
  const converted = bytes?.ok ? (isHex ? hexLines(bytes.value) : decodeUtf8(bytes.value)) : undefined;
  if (converted === undefined) changeDraft(drafts, tabId, { format, formatChosen: true, outcome: undefined });
  else replaceDraft(drafts, tabId, { format, text: converted, changed });
}

/** Formats the draft of a tab without changing its meaning. An invalid draft is not changed, and its error is shown. */
export function formatDraft({ drafts }: Services, tabId: string): void {
  const { format, text, lineEnd } = draftOf(drafts.getState(), tabId);
  const pretty = formatPayload(format, text, lineEnd);
  if (!pretty.ok) {
    const message = `The payload could not be formatted: it is not valid ${format.toUpperCase()}`;
    const { error } = fail('bad-input', message, { system: problemText(pretty.problem), hint: 'Correct it first.' });
    changeDraft(drafts, tabId, { outcome: { sockets: 0, bytes: 0, failed: 0, failure: error } });
  }
  if (pretty.ok && pretty.value !== text) {
    const { changed } = draftOf(drafts.getState(), tabId);
    replaceDraft(drafts, tabId, { format, text: pretty.value, changed });
  }
}
