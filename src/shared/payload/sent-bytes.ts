import { appendChecksum, type ChecksumSpec, checksumLength, parseChecksumSpec } from '../bytes/checksums/spec.ts';
import { type EncodingName, encodeText, encodings, loadEncoding } from '../bytes/encodings.ts';
import { decodeUtf8 } from '../bytes/text.ts';
import { byteOrderMark, withByteOrderMark } from './line-ends.ts';
import { type PayloadFormat, payloadBytes } from './payload.ts';
import { type Checked, problemAt } from './problem.ts';

/*
 * From the text of a payload to the bytes of a message, without a template and without framing: the encoding, then the checksum. The page
 * and the main process use the same functions, so that the page shows what is sent.
 */

/** A checksum to append; `from` and `to` replace those of its spelling. */
interface ChecksumChoice {
  readonly spec: string;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** How a payload is turned into bytes. */
export interface SentForm {
  readonly format: PayloadFormat;
  /** The name of an encoding. Not used for hex. */
  readonly encoding: string;
  readonly checksum?: ChecksumChoice | undefined;
}

/** Makes the bytes of payloads of one form. */
export interface ByteWriter {
  /** Number of bytes of the checksum; 0 without one. */
  readonly checksumLength: number;
  /** Returns the bytes of a payload as it is written. */
  write(text: string): Checked<Uint8Array<ArrayBuffer>>;
  /** Returns the bytes of a message that the template `text` was rendered to: UTF-8, or any bytes for hex. */
  finish(rendered: Uint8Array<ArrayBuffer>, text: string): Checked<Uint8Array<ArrayBuffer>>;
}

/** Returns the encoding `name`; `undefined` for any other name. */
export function encodingNamed(name: string): EncodingName | undefined {
  return encodings.find((one) => one.name === name)?.name;
}

/** Returns what the checksum of a payload is; the reason if its spelling is wrong. */
function checksumOf({ spec, from, to }: ChecksumChoice): Checked<ChecksumSpec> {
  const parsed = parseChecksumSpec(spec);
  if (!parsed.ok) return { ok: false, problem: problemAt('', 0, parsed.error.system) };
  const { value } = parsed;
  return { ok: true, value: { ...value, from: from ?? value.from, to: to ?? value.to } };
}

/**
 * Returns what makes bytes of payloads of a form, with the tables of its encoding loaded. The problem is an encoding or a checksum that
 * does not exist.
 */
export async function loadByteWriter({ format, encoding, checksum }: SentForm): Promise<Checked<ByteWriter>> {
  const name = format === 'hex' ? 'utf-8' : encodingNamed(encoding);
  if (name === undefined) return { ok: false, problem: problemAt('', 0, `The encoding ${encoding} is not available`) };
  await loadEncoding(name);
  const spec = checksum && checksumOf(checksum);
  if (spec && !spec.ok) return spec;
  const close = (body: Checked<Uint8Array<ArrayBuffer>>, text: string) =>
    body.ok && spec ? withChecksum(body.value, spec.value, text) : body;
  return {
    ok: true,
    value: {
      checksumLength: spec ? checksumLength(spec.value) : 0,
      write: (text) => close(encoded(format, text, name), text),
      finish: (rendered, text) => close(reencoded(format, rendered, name, text), text),
    },
  };
}

function encoded(format: PayloadFormat, text: string, name: EncodingName): Checked<Uint8Array<ArrayBuffer>> {
  if (format === 'hex' || name === 'utf-8') return payloadBytes(format, text);
  // The mark of this encoding is written once, whether or not the text has it too.
  const hasOwnMark = name.endsWith('-bom');
  const skipped = hasOwnMark && text.startsWith(byteOrderMark) ? byteOrderMark.length : 0;
  const bytes = encodeText(hasOwnMark ? withByteOrderMark(text, false) : text, name);
  if (bytes.ok) return { ok: true, value: bytes.bytes };
  return { ok: false, problem: problemAt(text, bytes.at + skipped, bytes.reason) };
}

function reencoded(
  format: PayloadFormat,
  rendered: Uint8Array<ArrayBuffer>,
  name: EncodingName,
  text: string,
): Checked<Uint8Array<ArrayBuffer>> {
  if (format === 'hex' || name === 'utf-8') return { ok: true, value: rendered };
  const decoded = decodeUtf8(rendered);
  const reason = 'The template writes bytes that are not text: select the encoding UTF-8 or the format Hex';
  if (decoded === undefined) return { ok: false, problem: problemAt(text, 0, reason) };
  const bytes = encoded(format, decoded, name);
  // The place is that in the message, not in the template.
  if (bytes.ok) return bytes;
  const place = `character ${bytes.problem.column} of line ${bytes.problem.line} of the message`;
  return { ok: false, problem: problemAt(text, 0, `${bytes.problem.reason} (${place})`) };
}

function withChecksum(bytes: Uint8Array, spec: ChecksumSpec, text: string): Checked<Uint8Array<ArrayBuffer>> {
  const appended = appendChecksum(bytes, spec);
  if (appended.ok) return { ok: true, value: appended.value };
  return { ok: false, problem: problemAt(text, 0, `${appended.error.message}: ${appended.error.system}`) };
}
