import type { EncodingName } from '../../bytes/encodings.ts';
import { utf8Length } from '../../bytes/text.ts';
import { fail } from '../../failure.ts';
import type { DocumentKind } from '../document-kind.ts';

/** The payload formats, by the ending of the file. */
export const payloadEndings = {
  '.json': 'json',
  '.xml': 'xml',
  '.txt': 'text',
  '.hex': 'hex',
  '.bin': 'binary',
} as const;
type PayloadFileFormat = (typeof payloadEndings)[keyof typeof payloadEndings];

/** The encodings of payloads with text, as documents and the command line spell them. */
export const payloadEncodings = [
  'utf-8',
  'utf-8-bom',
  'utf-16le',
  'utf-16be',
  'iso-8859-1',
  'windows-1252',
  'gbk',
  'shift_jis',
] as const satisfies readonly EncodingName[];

/** The largest payload that is a document. A larger file is sent from the disk. Bytes. */
export const maxPayloadBytes = 67_108_864;

/** `payloads/**`: the bytes of the file are the document. */
export const payloadKind: DocumentKind<Uint8Array, Uint8Array, 'payload'> = {
  kind: 'payload',
  label: 'payload',
  folder: 'payloads',
  endings: Object.keys(payloadEndings),
  schema: undefined,
  parse(content, { path } = {}) {
    const size = typeof content === 'string' ? utf8Length(content) : content.length;
    if (size > maxPayloadBytes) {
      const subject = path === undefined ? 'the payload' : `“${path}”`;
      const system = `it has ${size} bytes; a payload has at most ${maxPayloadBytes}`;
      return fail('too-large', `Could not read ${subject}`, { system, hint: 'Send it as a file.' });
    }
    const value = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    return { ok: true, value: { value, notices: [], references: [] } };
  },
  stringify: (value) => ({ ok: true, value: { content: value, notices: [], kept: [] } }),
};

/** Returns the path of the meta file of a payload. */
export function metaPathOf(payloadPath: string): string {
  return `${payloadPath}.meta.yaml`;
}

/** Returns the path of the payload to which a meta file belongs; `undefined` for another file. */
export function payloadOfMeta(path: string): string | undefined {
  const ending = metaPathOf('');
  return path.endsWith(ending) && path.length > ending.length ? path.slice(0, -ending.length) : undefined;
}

/** Returns the format of a payload by its path; `undefined` for another file. */
export function payloadFormatOf(path: string): PayloadFileFormat | undefined {
  const found = Object.entries(payloadEndings).find(([ending]) => path.endsWith(ending));
  return found?.[1];
}
