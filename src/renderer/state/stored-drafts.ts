import { z } from 'zod';
import { decodeUtf8Lossy, encodeUtf8 } from '#shared/bytes/text.ts';
import type { CallOutput } from '#shared/contract/contract.ts';
import { checksumSchema } from '#shared/contract/documents.ts';
import { payloadEncodings } from '#shared/document/kinds/payload.ts';
import type { EndpointConfig } from '#shared/endpoint/endpoint-config.ts';
import { lineEnds } from '#shared/payload/line-ends.ts';
import { payloadFormats } from '#shared/payload/payload.ts';
import type { KeptDraft } from './kept-drafts.ts';

/*
 * How payloads that were not saved are stored by the main process, and which payload an endpoint had last.
 */

/** The last payload is remembered for this number of endpoints, those used last. */
const maxEndpoints = 50;
const endpointPrefix = 'endpoint/';

/** A kept payload without its text, which is kept as bytes. */
export const draftDetailsSchema = z.object({
  name: z.string().max(255),
  format: z.enum(payloadFormats),
  formatChosen: z.boolean(),
  lineEnd: z.enum(lineEnds).default('lf'),
  changed: z.boolean(),
  document: z.string().max(4_096).optional(),
  encoding: z.enum(payloadEncodings).default('utf-8'),
  template: z.boolean().default(false),
  checksum: checksumSchema.optional(),
  frame: z.boolean(),
  framing: z.string().max(200).optional(),
});
const pointerSchema = z.object({ last: z.string().max(4_096) });

/** Returns what identifies the endpoint of `config` after a restart. */
export function endpointKeyOf(config: EndpointConfig): string {
  const { role, transport } = config;
  const address = config.transport === 'local' ? [config.path] : [config.host, config.port];
  return endpointPrefix + JSON.stringify([role, transport, ...address]);
}

/** What the main process stores under a key. */
interface StoredDraft {
  readonly key: string;
  readonly bytes: Uint8Array;
  readonly basedOn: string;
  readonly details: Record<string, unknown>;
}

/** Returns a payload as it is stored. */
export function storedDraft({ key, text, version: basedOn, ...details }: KeptDraft): StoredDraft {
  return { key, bytes: encodeUtf8(text), basedOn, details };
}

/** Returns the last payload of an endpoint, by its key, as it is stored. */
export function storedPointer(endpoint: string, last: string): StoredDraft {
  return { key: endpoint, bytes: new Uint8Array(), basedOn: 'new', details: { last } };
}

/** What the main process had stored. */
interface StoredDrafts {
  /** The keys of the payloads that this page has stored itself: another window can replace the others at any time. */
  readonly own: ReadonlySet<string>;
  /** The payloads, by key. */
  readonly byKey: ReadonlyMap<string, KeptDraft>;
  /** Changed payloads with the key of another one: other windows have written them. */
  readonly others: readonly (KeptDraft & { readonly id: string })[];
  /** What identifies the payloads of `byKey` on the disk, by key. */
  readonly ids: ReadonlyMap<string, string>;
  /** The key of the last payload of each endpoint, by the endpoint's key. */
  readonly last: ReadonlyMap<string, string>;
}

/** Reads what was stored, the newest first. Leaves out what is damaged, or of another version of Wirebench. */
export function readStored(stored: CallOutput<'drafts.list'>['drafts']): StoredDrafts {
  const byKey = new Map<string, KeptDraft>();
  const others: StoredDrafts['others'][number][] = [];
  const ids = new Map<string, string>();
  const last = new Map<string, string>();
  const own = new Set<string>();
  for (const { key, bytes, basedOn: version, details, id, isOwn } of stored) {
    const pointer = key.startsWith(endpointPrefix) ? pointerSchema.safeParse(details) : undefined;
    if (pointer?.success && !last.has(key) && last.size < maxEndpoints) last.set(key, pointer.data.last);
    const parsed = pointer ? undefined : draftDetailsSchema.safeParse(details);
    if (!parsed?.success) continue;
    const { document, checksum, framing, ...rest } = parsed.data;
    const draft = { ...rest, key, document, checksum, framing, text: decodeUtf8Lossy(bytes), version };
    if (!byKey.has(key)) {
      byKey.set(key, draft);
      ids.set(key, id);
      if (isOwn) own.add(key);
    } else if (draft.changed) {
      others.push({ ...draft, id });
    }
  }
  return { own, byKey, others, ids, last };
}
