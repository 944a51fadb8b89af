import fs from 'node:fs';
import { readRows } from '#jobs/rows.ts';
import type { ListStep, OpenedList, SendLists } from '#jobs/send-list.ts';
import { toHex } from '#shared/bytes/hex.ts';
import { findByName } from '#shared/document/document-path.ts';
import { metaPathOf, payloadFormatOf, payloadKind } from '#shared/document/kinds/payload.ts';
import { defaultPayloadMeta, type PayloadMeta, payloadMetaKind } from '#shared/document/kinds/payload-meta.ts';
import { type SendList, sendListKind } from '#shared/document/kinds/send-list.ts';
import { fail, ok, type Result } from '#shared/failure.ts';
import { parseFraming } from '#shared/framing/spec.ts';
import type { PayloadWorkspace, SeriesPayload, WrittenPayloads } from './written-payloads.ts';

/** The most bytes of all payloads of a list. */
const maxListBytes = 256 * 1_048_576;

/** A payload of a list, as it is sent. */
interface Listed {
  readonly payload: SeriesPayload;
  readonly frame: boolean;
  readonly size: number;
}

/** Reads the send lists of the open workspace for the jobs. */
export class WorkspaceLists implements SendLists {
  readonly #current: () => Promise<Result<PayloadWorkspace>>;
  readonly #written: WrittenPayloads;

  constructor(current: () => Promise<Result<PayloadWorkspace>>, written: WrittenPayloads) {
    this.#current = current;
    this.#written = written;
  }

  /** Reads a list with the payloads of its enabled steps. Fails as a document does, and with the first payload that cannot be sent. */
  async open(
    path: string,
    { environment, rows }: { environment?: string | undefined; rows?: string | undefined },
  ): Promise<Result<OpenedList>> {
    const workspace = await this.#current();
    if (!workspace.ok) return workspace;
    const { files } = workspace.value;
    const content = await files.read(path);
    if (!content.ok) return content;
    const parsed = sendListKind.parse(content.value.bytes, { path, root: files.folder });
    if (!parsed.ok) return { ok: false, error: parsed.error };
    const list = parsed.value.value;
    const payloads = await readPayloads(workspace.value, list, environment);
    if (!payloads.ok) return payloads;
    const series = await this.#written.series([...payloads.value.values()].map(({ payload }) => payload));
    if (!series.ok) return series;
    const names = [...payloads.value.keys()];
    const source = await rowsOf(workspace.value, list, rows);
    if (!source.ok) return source;
    return ok({
      steps: list.steps.map((step): ListStep => ({ ...step, frame: payloads.value.get(step.payload)?.frame ?? true })),
      loops: list.loop === 0 ? Number.POSITIVE_INFINITY : list.loop,
      rows: source.value,
      usesSecret: series.value.usesSecret,
      sender: (index, place) => series.value.sender(names.indexOf(list.steps[index]?.payload ?? ''), place),
    });
  }
}

/** Reads the payloads of the enabled steps, each once, by the names that the steps have for them. */
async function readPayloads(
  workspace: PayloadWorkspace,
  { steps }: SendList,
  environment: string | undefined,
): Promise<Result<Map<string, Listed>>> {
  const read = new Map<string, Listed>();
  const paths = workspace.files.list().map(({ path }) => path);
  let size = 0;
  for (const { payload: name, enabled } of steps) {
    if (!enabled || read.has(name)) continue;
    const path = findByName(payloadKind, name, paths, 'payload');
    const listed = path.ok ? await readPayload(workspace, path.value, environment) : path;
    if (!listed.ok) return listed;
    size += listed.value.size;
    if (size > maxListBytes) {
      const system = `they have more than ${maxListBytes} bytes together`;
      return fail('too-large', 'Could not read the payloads of the send list', { system, hint: 'Use smaller ones.' });
    }
    read.set(name, listed.value);
  }
  return ok(read);
}

/** Reads the meta file of the payload at `path`; the defaults without one. */
async function readMeta({ files }: PayloadWorkspace, path: string): Promise<Result<PayloadMeta>> {
  const metaPath = metaPathOf(path);
  if (!files.list().some((entry) => entry.path === metaPath)) return ok(defaultPayloadMeta);
  const content = await files.read(metaPath);
  if (!content.ok) return content;
  const parsed = payloadMetaKind.parse(content.value.bytes, { path: metaPath, root: files.folder });
  return parsed.ok ? ok(parsed.value.value) : { ok: false, error: parsed.error };
}

async function readPayload(
  workspace: PayloadWorkspace,
  path: string,
  environment: string | undefined,
): Promise<Result<Listed>> {
  const content = await workspace.files.read(path);
  if (!content.ok) return content;
  const { bytes } = content.value;
  const meta = await readMeta(workspace, path);
  if (!meta.ok) return meta;
  const { template, encoding, checksum, framing } = meta.value;
  const format = payloadFormatOf(path) ?? 'binary';
  const asText = format === 'hex' || (template && format !== 'binary') ? format : undefined;
  const spec = framing === undefined || framing === 'raw' ? undefined : parseFraming(framing);
  const text = asText && (await textOf(path, bytes, asText === 'hex' ? 'utf-8' : encoding));
  if (text?.ok === false) return text;
  const payload: SeriesPayload = {
    path,
    // The bytes of a payload without a template are sent as they are in the file.
    ...(asText && text
      ? { format: asText, text: text.value, encoding }
      : { format: 'hex', text: toHex(bytes), encoding: 'utf-8' }),
    template: asText !== undefined && template,
    ...(environment !== undefined && { environment }),
    framing: spec,
    ...(checksum && { checksum }),
  };
  return ok({ payload, frame: framing !== 'raw', size: bytes.length });
}

/** Decodes the text of a template or of hex. */
async function textOf(path: string, bytes: Uint8Array, encoding: string): Promise<Result<string>> {
  const { textOfFile } = await import('#workspace/payload-bytes.ts');
  const decoded = await textOfFile(bytes, encoding);
  if (decoded.ok) return ok(decoded.text);
  const system = `byte ${decoded.at}: ${decoded.reason}`;
  return fail('bad-input', `Could not read “${path}”`, { system, hint: 'Correct its encoding in the meta file.' });
}

/** Returns what reads the rows of a list: those of `file`, or of the file of the workspace that the list names. */
async function rowsOf(
  { files }: PayloadWorkspace,
  { rows: own }: SendList,
  file: string | undefined,
): Promise<Result<OpenedList['rows']>> {
  if (file !== undefined) return ok(() => readRows(file, readFile(file)));
  if (own === undefined) return ok(undefined);
  const content = await files.read(own);
  if (!content.ok) return content;
  return ok(() => readRows(own, [content.value.bytes]));
}

async function* readFile(path: string): AsyncGenerator<Uint8Array> {
  yield* fs.createReadStream(path);
}
