import { decodeUtf8, encodeUtf8 } from '#shared/bytes/text.ts';
import type { WrittenPayload } from '#shared/contract/documents.ts';
import { payloadEndings, payloadFormatOf } from '#shared/document/kinds/payload.ts';
import { fail, ok, type Result } from '#shared/failure.ts';
import { hexLines, type PayloadFormat, payloadBytes } from '#shared/payload/payload.ts';
import type { Checked } from '#shared/payload/problem.ts';

/*
 * How the bytes of a payload's file become the text of the editor, and back. The ending of the file decides: `.hex` is hex text, `.bin`
 * is bytes that are shown as hex, the others are text in their encoding.
 */

/** A payload's file as the editor shows it. */
interface ShownFile {
  readonly format: PayloadFormat;
  readonly text: string;
  /** Why a file with text is shown as hex. */
  readonly notice: string | undefined;
}

const notText = 'The file is not valid UTF-8, so its bytes are shown as hex.';
const otherEncoding = (encoding: string) => `The file is in ${encoding}, so its bytes are shown as hex.`;

/** Returns what the editor shows for the `bytes` of the file `path`. Fails for a `.hex` file that is not text. */
export function shownFile(
  path: string,
  bytes: Uint8Array,
  encoding: WrittenPayload['encoding'] = 'utf-8',
): Result<ShownFile> {
  const kind = payloadFormatOf(path) ?? 'text';
  if (kind === 'binary') return ok({ format: 'hex', text: hexLines(bytes), notice: undefined });
  const isUtf8 = encoding === 'utf-8' || encoding === 'utf-8-bom';
  const text = isUtf8 || kind === 'hex' ? decodeUtf8(bytes) : undefined;
  if (text !== undefined) return ok({ format: kind, text, notice: undefined });
  if (kind === 'hex') {
    const hint = 'Rename it to .bin to edit its bytes.';
    return fail('bad-input', `Could not open “${path}”`, { system: 'a .hex file contains hex as text', hint });
  }
  return ok({ format: 'hex', text: hexLines(bytes), notice: isUtf8 ? notText : otherEncoding(encoding) });
}

/** Returns the bytes of the file `path` for a payload in the editor. Only invalid hex fails. */
export function fileBytes(path: string, format: PayloadFormat, text: string): Checked<Uint8Array> {
  if (payloadFormatOf(path) !== 'hex') return payloadBytes(format, text);
  return { ok: true, value: encodeUtf8(format === 'hex' ? text : hexLines(encodeUtf8(text))) };
}

const endingOf: Readonly<Record<PayloadFormat, keyof typeof payloadEndings>> = {
  json: '.json',
  xml: '.xml',
  text: '.txt',
  hex: '.hex',
};

/** Returns `name` with the ending of a payload's file: its own, or that of `format`. */
export function withEnding(name: string, format: PayloadFormat): string {
  const has = Object.keys(payloadEndings).some((ending) => name.endsWith(ending) && name !== ending);
  return has ? name : `${name}${endingOf[format]}`;
}

/** Returns the last part of a path: the name of a file or folder. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Returns the folder of a path; empty for a file in the workspace's own folder. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
