import { decodeUtf8 } from '#shared/bytes/text.ts';
import { fail } from '#shared/failure.ts';
import { byteOrderMark, withByteOrderMark } from '#shared/payload/line-ends.ts';
import {
  formatPayload,
  hexLines,
  maxCheckedLength,
  type PayloadFormat,
  payloadBytes,
} from '#shared/payload/payload.ts';
import { type Checked, type Problem, problemText } from '#shared/payload/problem.ts';
import { changeDraft, type Draft, draftOf, replaceDraft } from '../../state/drafts.ts';
import type { Services } from '../../state/services.ts';
import type { CheckRequest, PayloadCheck } from './check-payload.ts';

/** Longer texts (UTF-16 units) take more than a frame to check: a worker checks them. */
export const quickLength = 32 * 1_024;

/**
 * Checks a payload in a separate thread and passes the result to `onFound`; calls `onFailed` if the thread fails. Returns a function that
 * ends the check.
 */
export function checkBeside(
  request: CheckRequest,
  onFound: (check: PayloadCheck) => void,
  onFailed?: () => void,
): () => void {
  const worker = new Worker(new URL('./check-worker.ts', import.meta.url), { type: 'module' });
  const end = () => worker.terminate();
  worker.addEventListener('message', ({ data }: MessageEvent<PayloadCheck>) => {
    end();
    onFound(data);
  });
  worker.addEventListener('error', () => {
    end();
    onFailed?.();
  });
  worker.postMessage(request);
  return end;
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
  const { format: before, text, changed, saved } = draftOf(drafts.getState(), tabId);
  const isHex = format === 'hex';
  const keepsText = isHex === (before === 'hex') || text === '' || (isHex && payloadBytes('hex', text).ok);
  const bytes = keepsText ? undefined : payloadBytes(before, text);
  const converted = bytes?.ok ? (isHex ? hexLines(bytes.value) : decodeUtf8(bytes.value)) : undefined;
  if (converted === undefined) changeDraft(drafts, tabId, { format, formatChosen: true, outcome: undefined });
  else {
    replaceDraft(drafts, tabId, { format, text: converted, changed });
    // The same bytes in another notation are not a change.
    if (saved !== undefined && !changed) changeDraft(drafts, tabId, { saved: converted });
  }
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
