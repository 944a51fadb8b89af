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
const notInEncoding = (encoding: string) => `The file is not valid ${encoding}, so its bytes are shown as hex.`;

/** Returns what the editor shows for the `bytes` of the file `path`. Fails for a `.hex` file that is not text. */
export async function shownFile(
  path: string,
  bytes: Uint8Array,
  encoding: WrittenPayload['encoding'] = 'utf-8',
): Promise<Result<ShownFile>> {
  const kind = payloadFormatOf(path) ?? 'text';
  if (kind === 'binary') return ok({ format: 'hex', text: hexLines(bytes), notice: undefined });
  const text = await decodedText(bytes, kind === 'hex' ? 'utf-8' : encoding);
  if (text !== undefined) return ok({ format: kind, text, notice: undefined });
  if (kind === 'hex') {
    const hint = 'Rename it to .bin to edit its bytes.';
    return fail('bad-input', `Could not open “${path}”`, { system: 'a .hex file contains hex as text', hint });
  }
  return ok({ format: 'hex', text: hexLines(bytes), notice: isUtf8(encoding) ? notText : notInEncoding(encoding) });
}

function isUtf8(encoding: WrittenPayload['encoding']): boolean {
  return encoding === 'utf-8' || encoding === 'utf-8-bom';
}

/** Returns the text of `bytes`; `undefined` if it would not be saved as the same bytes. */
export async function decodedText(
  bytes: Uint8Array,
  encoding: WrittenPayload['encoding'],
): Promise<string | undefined> {
  if (isUtf8(encoding)) return decodeUtf8(bytes);
  const { decodeText, encodeText, loadEncoding } = await import('#shared/bytes/encodings.ts');
  await loadEncoding(encoding);
  const found = decodeText(bytes, encoding);
  const again = found.ok ? encodeText(found.text, encoding) : undefined;
  const isSame =
    again?.ok && again.bytes.length === bytes.length && again.bytes.every((byte, at) => byte === bytes[at]);
  return found.ok && isSame ? found.text : undefined;
}

/** Returns the bytes of `text` in its encoding, or of hex. Fails for invalid hex and for a character that the encoding does not have. */
export async function textBytes(
  format: PayloadFormat,
  text: string,
  encoding: WrittenPayload['encoding'],
): Promise<Checked<Uint8Array<ArrayBuffer>>> {
  if (format === 'hex' || encoding === 'utf-8') return payloadBytes(format, text);
  const { loadByteWriter } = await import('#shared/payload/sent-bytes.ts');
  const writer = await loadByteWriter({ format, encoding });
  return writer.ok ? writer.value.write(text) : writer;
}

/** Returns the bytes of the file `path` for a payload in the editor. Fails as `textBytes`. */
export async function fileBytes(
  path: string,
  format: PayloadFormat,
  text: string,
  encoding: WrittenPayload['encoding'] = 'utf-8',
): Promise<Checked<Uint8Array>> {
  if (payloadFormatOf(path) === 'hex' && format === 'hex') return { ok: true, value: encodeUtf8(text) };
  const bytes = await textBytes(format, text, encoding);
  if (payloadFormatOf(path) !== 'hex' || !bytes.ok) return bytes;
  return { ok: true, value: encodeUtf8(hexLines(bytes.value)) };
}

const endingOf: Readonly<Record<PayloadFormat | 'binary', keyof typeof payloadEndings>> = {
  json: '.json',
  xml: '.xml',
  text: '.txt',
  hex: '.hex',
  binary: '.bin',
};

/** Returns `name` with the ending of a payload's file: its own, or that of `format`; `binary` for bytes as they are. */
export function withEnding(name: string, format: PayloadFormat | 'binary'): string {
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
