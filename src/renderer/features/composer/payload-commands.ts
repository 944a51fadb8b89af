import { fromBase64, toBase64 } from '#shared/bytes/base64.ts';
import { fail } from '#shared/failure.ts';
import type { ConvertedFormat } from '#shared/payload/convert.ts';
import { byteOrderMark, withByteOrderMark, withLineEnd } from '#shared/payload/line-ends.ts';
import {
  formatPayload,
  guessPayload,
  hexLines,
  maxCheckedLength,
  minifyPayload,
  type PayloadFormat,
  payloadBytes,
  sortPayloadKeys,
} from '#shared/payload/payload.ts';
import { type Checked, type PayloadProblem, problemText } from '#shared/payload/problem.ts';
import { type DialogState, showDialog } from '../../state/dialogs.ts';
import { changeDraft, type Draft, draftOf, replaceDraft } from '../../state/drafts.ts';
import { decodedText, textBytes } from '../../state/payload-text.ts';
import type { Services } from '../../state/services.ts';
import { documentStrings } from './document-strings.ts';
import type { Conversion } from './document-task.ts';
import { quickLength, runBeside } from './payload-threads.ts';

/*
 * Edits of the whole payload of a composer. Undo in the editor restores the text before. A payload with an error is not changed, and the
 * error is shown below the editor.
 */

const texts = documentStrings.edits;

/** Shows why the payload of a tab was not changed. */
function refuse({ drafts }: Services, tabId: string, message: string, problem: PayloadProblem): void {
  const { error } = fail('bad-input', message, { system: problemText(problem), hint: texts.hint });
  changeDraft(drafts, tabId, { outcome: { sockets: 0, bytes: 0, failed: 0, failure: error } });
}

/** Converts the draft of a tab from a Python literal to JSON. */
export async function convertPython(services: Services, tabId: string): Promise<void> {
  const { pythonToJson } = await import('#shared/payload/python.ts');
  const { text } = draftOf(services.drafts.getState(), tabId);
  const { hasMark, body } = withoutMark(text);
  const converted = pythonToJson(body);
  if (!converted.ok) return refuse(services, tabId, texts.notConverted('JSON'), converted.problem);
  const value = withByteOrderMark(converted.value, hasMark);
  replaceDraft(services.drafts, tabId, { format: 'json', text: value, changed: true });
}

function withoutMark(text: string): { readonly hasMark: boolean; readonly body: string } {
  const hasMark = text.startsWith(byteOrderMark);
  return { hasMark, body: hasMark ? text.slice(byteOrderMark.length) : text };
}

/** The document that a payload of each format is converted from: YAML is text. */
const sources = { json: 'json', xml: 'xml', text: 'yaml' } as const;

/** Converts the draft of a tab to another format of documents. If something would be lost, the user is asked first. */
export async function convertDocument(services: Services, tabId: string, to: ConvertedFormat): Promise<void> {
  const { text, format, lineEnd } = draftOf(services.drafts.getState(), tabId);
  if (format === 'hex') return;
  const { hasMark, body } = withoutMark(text);
  const converted = await conversionOf(body, sources[format], to);
  // The user has changed the text in the meantime.
  if (draftOf(services.drafts.getState(), tabId).text !== text) return;
  if (!converted.ok) return refuse(services, tabId, texts.notConverted(to.toUpperCase()), converted.problem);
  const { losses, text: result } = converted.value;
  const replacement = withByteOrderMark(lineEnd === 'lf' ? result : withLineEnd(result, lineEnd), hasMark);
  const conversion = { kind: 'convert-payload', tab: tabId, to, text: replacement, losses } as const;
  if (losses.length > 0) showDialog(services.dialogs, conversion);
  else applyConversion(services, conversion);
}

/** Replaces the payload of a tab with its conversion. YAML is a text payload. */
export function applyConversion(
  { drafts }: Services,
  { tab, to, text }: Extract<DialogState, { kind: 'convert-payload' }>,
): void {
  replaceDraft(drafts, tab, { format: to === 'yaml' ? 'text' : to, text, changed: true });
}

/** Converts a document: a short one here, a long one in a thread. */
async function conversionOf(text: string, from: ConvertedFormat, to: ConvertedFormat): Promise<Conversion> {
  const found = text.length > quickLength ? await longConversion(text, from, to) : undefined;
  return found ?? (await import('#shared/payload/convert.ts')).convertDocument(text, from, to);
}

function longConversion(text: string, from: ConvertedFormat, to: ConvertedFormat): Promise<Conversion | undefined> {
  if (text.length > maxCheckedLength) {
    const problem = { at: 0, length: 1, line: 1, column: 1, reason: texts.tooLong };
    return Promise.resolve({ ok: false, problem });
  }
  return new Promise((resolve) => {
    runBeside<Conversion>({ kind: 'convert', text, from, to }, resolve, () => resolve(undefined));
  });
}

/**
 * Selects the format of a tab's draft. Converting to hex and back keeps the bytes: text becomes the hex of its bytes, and hex the text
 * that its bytes encode. If they are not text in the encoding, or the text is already hex, the text stays unchanged.
 */
export async function selectFormat({ drafts }: Services, tabId: string, format: PayloadFormat): Promise<void> {
  const { format: before, text, encoding } = draftOf(drafts.getState(), tabId);
  const isHex = format === 'hex';
  const keepsText = isHex === (before === 'hex') || text === '' || (isHex && payloadBytes('hex', text).ok);
  const bytes = keepsText ? undefined : await textBytes(before, text, encoding);
  const converted = bytes?.ok ? (isHex ? hexLines(bytes.value) : await decodedText(bytes.value, encoding)) : undefined;
  const now = draftOf(drafts.getState(), tabId);
  if (now.text !== text || now.format !== before) return;
  if (converted === undefined) return changeDraft(drafts, tabId, { format, formatChosen: true, outcome: undefined });
  const { changed, saved } = now;
  replaceDraft(drafts, tabId, { format, text: converted, changed });
  // The same bytes in another notation are not a change.
  if (saved !== undefined && saved === text) changeDraft(drafts, tabId, { saved: converted });
}

/** Replaces the text of a tab's draft, in the same format. `changed` is as before if only the layout changes. */
function rewrite(services: Services, tabId: string, message: string, edit: (draft: Draft) => Checked<string>): void {
  const draft = draftOf(services.drafts.getState(), tabId);
  const { format, text, changed } = draft;
  const edited = edit(draft);
  if (!edited.ok) refuse(services, tabId, message, edited.problem);
  else if (edited.value !== text) replaceDraft(services.drafts, tabId, { format, text: edited.value, changed });
}

/** Formats the draft of a tab without changing its meaning. */
export function formatDraft(services: Services, tabId: string): void {
  const { format } = draftOf(services.drafts.getState(), tabId);
  rewrite(services, tabId, texts.notFormatted(format), (draft) =>
    formatPayload(draft.format, draft.text, draft.lineEnd),
  );
}

/** Removes the layout of the draft of a tab without changing its meaning. */
export function minifyDraft(services: Services, tabId: string): void {
  const { format } = draftOf(services.drafts.getState(), tabId);
  rewrite(services, tabId, texts.notMinified(format), ({ text }) => minifyPayload(format, text));
}

/** Sorts the keys of all objects of the draft of a tab, which is JSON. */
export function sortKeys(services: Services, tabId: string): void {
  rewrite(services, tabId, texts.notSorted, ({ text }) => sortPayloadKeys(text));
}

/** Replaces the payload of a tab with the base64 text of its bytes. */
export async function encodeBase64(services: Services, tabId: string): Promise<void> {
  const { format, text, encoding } = draftOf(services.drafts.getState(), tabId);
  const bytes = await textBytes(format, text, encoding);
  if (!bytes.ok) return refuse(services, tabId, texts.notConverted('base64'), bytes.problem);
  replaceBytes(services, tabId, { format: 'text', text: toBase64(bytes.value) });
}

/** Replaces base64 text with the payload that its bytes are: JSON, XML or other text in UTF-8, or hex. White space and padding may be missing. */
export function decodeBase64(services: Services, tabId: string): void {
  const { text } = draftOf(services.drafts.getState(), tabId);
  const digits = withoutMark(text)
    .body.replace(/\s+/g, '')
    .replace(/=+$/, '')
    .replaceAll('-', '+')
    .replaceAll('_', '/');
  const bytes = fromBase64(digits.padEnd(Math.ceil(digits.length / 4) * 4, '='));
  if (bytes) {
    replaceBytes(services, tabId, guessPayload(bytes));
    return;
  }
  const problem = { at: 0, length: 1, line: 1, column: 1, reason: texts.notBase64 };
  refuse(services, tabId, texts.notDecoded, problem);
}

/** Replaces the payload of a tab with one whose text is in UTF-8. */
function replaceBytes({ drafts }: Services, tabId: string, payload: Pick<Draft, 'format' | 'text'>): void {
  replaceDraft(drafts, tabId, { ...payload, changed: true });
  changeDraft(drafts, tabId, { encoding: 'utf-8' });
}
