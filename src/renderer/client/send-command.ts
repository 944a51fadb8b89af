import { decodeUtf8 } from '#shared/bytes/text.ts';
import type { EndpointView, SocketView } from '#shared/contract/models.ts';
import { type Failure, fail } from '#shared/failure.ts';
import { byteOrderMark, withByteOrderMark } from '#shared/payload/line-ends.ts';
import { formatPayload, hexLines, type PayloadFormat, payloadBytes } from '#shared/payload/payload.ts';
import { type Checked, type Problem, problemText } from '#shared/payload/problem.ts';
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

type Content = { readonly bytes: Uint8Array } | { readonly file: string } | { readonly error: Failure };

/** What a draft sends: bytes or a file, or why it cannot be sent. `problem` keeps it from being sent. */
function contentOf(draft: Draft, problem: Problem | undefined): Content {
  const { format, text, file } = draft;
  if (file) return { file: file.handle };
  const refuse = (message: string, hint: string, system = '') => fail('bad-input', message, { hint, system });
  const bytes = payloadBytes(format, text);
  if (!bytes.ok) return refuse('This is not hex, so there are no bytes to send', problemText(bytes.problem));
  if (problem) {
    const hint = 'Correct it, or send it anyway.';
    const system = problemText({ ...problem, reason: problem.message });
    return refuse(`This is not valid ${format.toUpperCase()}`, hint, system);
  }
  if (bytes.value.length === 0) return refuse('There is nothing to send', 'Write a payload or choose a sample.');
  return { bytes: bytes.value };
}

/** Returns the first error of a text. The checks load when they are needed. */
async function errorOf({ format, text }: Draft): Promise<Problem | undefined> {
  const { firstError } = await import('#shared/payload/list-problems.ts');
  return firstError(format, text);
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

  // Text is always right, and what is wrong with hex keeps it from having bytes.
  const isChecked = !options.anyway && !draft.file && (draft.format === 'json' || draft.format === 'xml');
  const content = contentOf(draft, isChecked ? await errorOf(draft) : undefined);
  // Another send of it has begun meanwhile.
  if (draftOf(drafts.getState(), tabId).sending) return;
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
export async function selectFileToSend(services: Services, tabId: string): Promise<void> {
  const file = await pickFile(services, 'Send a file');
  if (file) changeDraft(services.drafts, tabId, { file, outcome: undefined });
}

/** Converts the draft of a tab, a Python literal, to JSON. Undo takes it back. A draft with an error stays and says so. */
export async function convertPython(services: Services, tabId: string): Promise<void> {
  const { pythonToJson } = await import('#shared/payload/python.ts');
  convertDraft(services, tabId, 'json', pythonToJson);
}

/** Converts the draft of a tab from JSON to XML or back. Undo takes it back. A draft with an error stays and says so. */
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
    const { error } = fail('bad-input', `This cannot be converted to ${to.toUpperCase()}`, {
      system: problemText(converted.problem),
      hint: 'Correct it first.',
    });
    changeDraft(drafts, tabId, { outcome: { sockets: 0, bytes: 0, failed: 0, failure: error } });
    return;
  }
  replaceDraft(drafts, tabId, { format: to, text: withByteOrderMark(converted.value, hasMark), changed: true });
}

/**
 * Selects the format of a tab's draft. To hex and back the bytes stay and the characters change: text becomes the hex of its
 * bytes, hex the text that its bytes are in UTF-8. Where they are no text, or the text is meant as hex, it stays as it is.
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
