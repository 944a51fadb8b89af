import { extname } from 'node:path';
import { readRegularFile } from '#files/regular-file.ts';
import { printableJson } from '#shared/bytes/hidden.ts';
import { showControls } from '#shared/bytes/text.ts';
import { nameOf } from '#shared/document/document-path.ts';
import { payloadFormatOf, payloadKind } from '#shared/document/kinds/payload.ts';
import type { PayloadMeta } from '#shared/document/kinds/payload-meta.ts';
import { fail, ok, type Result } from '#shared/failure.ts';
import type { ConvertedFormat } from '#shared/payload/convert.ts';
import { readDocument } from '#shared/payload/document-text.ts';
import { withByteOrderMark } from '#shared/payload/line-ends.ts';
import { formatOf, hexLines } from '#shared/payload/payload.ts';
import { type Checked, type PayloadProblem, problemAt, problemText } from '#shared/payload/problem.ts';
import { type CommandWorkspace, openWorkspace, type WorkspaceChoice, withWorkspace } from './command-workspace.ts';
import { maxPayloadBytes, type PayloadSource, unreadable } from './input.ts';
import { exitCodes, note, Output, reportFailure } from './output.ts';

/** Runs `wirebench payload list`: prints a line for each payload, or with `json` an object. */
export function listPayloads({ json, ...choice }: WorkspaceChoice & { readonly json?: boolean }): Promise<number> {
  return withWorkspace(choice, async (open) => {
    const output = new Output();
    const entries = new Map(open.workspace.list().map((entry) => [entry.path, entry]));
    for (const path of open.paths(payloadKind)) {
      const { size = 0, problem } = entries.get(path) ?? {};
      const meta = await metaOf(open, path);
      const listed = { name: nameOf(payloadKind, path), path, format: payloadFormatOf(path), size, ...meta };
      const reason = problem?.system ?? meta.problem;
      output.write(
        json
          ? `${printableJson({ ...listed, checksum: listedChecksum(meta), problem: reason })}\n`
          : lineOf({ ...listed, problem: reason }),
      );
      await output.ready();
      if (output.gone) break;
    }
    return await output.finish();
  });
}

/** What the list shows of a meta file. */
interface ListedMeta {
  readonly template?: boolean;
  readonly encoding?: string;
  readonly framing?: string | undefined;
  readonly checksum?: PayloadMeta['checksum'];
  readonly schema?: string | undefined;
  readonly favourite?: number | undefined;
  readonly lineEnds?: string | undefined;
  readonly note?: string | undefined;
  readonly problem?: string | undefined;
}

/** Returns the checksum as a meta file spells it. */
function listedChecksum({ checksum }: ListedMeta): object | undefined {
  return checksum && { algorithm: checksum.spec, from: checksum.from, to: checksum.to };
}

async function metaOf(open: CommandWorkspace, path: string): Promise<ListedMeta> {
  const read = await open.meta(path);
  if (!read.ok) return { problem: read.error.system };
  return read.value;
}

function lineOf({
  path,
  size,
  template,
  encoding,
  framing,
  checksum,
  problem,
}: ListedMeta & { path: string; size: number }): string {
  const parts = [
    template ? 'template' : '',
    encoding === undefined || encoding === 'utf-8' ? '' : encoding,
    framing === undefined ? '' : `framing ${framing}`,
    checksum?.spec ?? '',
    problem === undefined ? '' : `not readable: ${problem}`,
  ].filter((part) => part !== '');
  const inside = path.slice(path.indexOf('/') + 1);
  return `${showControls(`${inside}  ${size} B${parts.length === 0 ? '' : `  ${parts.join(', ')}`}`)}\n`;
}

/** Runs `wirebench payload show`: prints the bytes of the file. */
export function showPayload(name: string, choice: WorkspaceChoice): Promise<number> {
  return withWorkspace(choice, async (open) => {
    const read = await open.find(payloadKind, name);
    return read.ok ? await print(read.value.bytes) : read;
  });
}

/** Runs `wirebench payload render`: prints the bytes of the first message, or with `hex` their digits. */
export async function renderPayload(
  name: string,
  { hex, ...source }: Omit<PayloadSource, 'stdin'> & { readonly hex?: true },
): Promise<number> {
  const { readNamedPayload } = await import('./named-payload.ts');
  const read = await readNamedPayload({ ...source, payload: name });
  const bytes = read.ok ? read.value.next({ message: 1 }) : read;
  return codeOf(bytes.ok ? await print(hex ? `${hexLines(bytes.value)}\n` : bytes.value) : bytes);
}

interface ConvertOptions extends WorkspaceChoice {
  readonly to: ConvertedFormat;
}

/**
 * Runs `wirebench payload convert`: prints a document in another format, and on the error output what the conversion loses. `name` is the
 * path of a file; if no such file exists, the name of a payload of the workspace.
 */
export async function convertPayload(name: string, { to, workspace }: ConvertOptions): Promise<number> {
  const read = await readConvertible(name, workspace);
  return codeOf(read.ok ? await convert(read.value, to) : read);
}

/** A document to convert. */
interface Convertible {
  readonly path: string;
  /** Decodes it as a document of the format. */
  readonly decode: (format: 'json' | 'xml') => Promise<Checked<string>>;
}

async function readConvertible(name: string, workspace: string | undefined): Promise<Result<Convertible>> {
  try {
    const bytes = await readRegularFile(name, maxPayloadBytes);
    return ok({ path: name, decode: async (format) => readDocument(format, bytes) });
  } catch (error) {
    const failed = unreadable(name, error);
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return failed;
    const found = await readPayload(name, workspace);
    return found.ok || found.error.code !== 'not-found' ? found : failed;
  }
}

/** Reads a payload of the workspace, in the encoding of its meta file. */
async function readPayload(name: string, workspace: string | undefined): Promise<Result<Convertible>> {
  const opened = await openWorkspace(workspace);
  if (!opened.ok) return opened;
  const read = await opened.value.payload(name);
  await opened.value.close();
  if (!read.ok) return read;
  const { path, bytes, meta, format } = read.value;
  if (format === 'hex' || format === 'binary') {
    const hint = 'Name a document in JSON, XML or YAML.';
    return fail('bad-input', `Could not convert ${path}`, { system: 'it is not a text', hint });
  }
  if (meta.encoding === 'utf-8') return ok({ path, decode: async (format) => readDocument(format, bytes) });
  const { textOfFile } = await import('#workspace/payload-bytes.ts');
  return ok({
    path,
    decode: async () => {
      const decoded = await textOfFile(bytes, meta.encoding);
      if (decoded.ok) return { ok: true, value: decoded.text };
      return { ok: false, problem: problemAt('', 0, `byte ${decoded.at}: ${decoded.reason}`) };
    },
  });
}

const endings: Readonly<Record<string, ConvertedFormat>> = {
  '.json': 'json',
  '.xml': 'xml',
  '.yaml': 'yaml',
  '.yml': 'yaml',
};

async function convert({ path, decode }: Convertible, to: ConvertedFormat): Promise<Result<void>> {
  const { convertDocument } = await import('#shared/payload/convert.ts');
  const tried = `Could not convert ${path}`;
  const refuse = (problem: PayloadProblem) =>
    fail('bad-input', tried, { system: problemText(problem), hint: 'Correct the document.' });
  const ending = endings[extname(path).toLowerCase()];
  const read = await decode(ending === 'xml' || (ending === undefined && to !== 'xml') ? 'xml' : 'json');
  if (!read.ok) return refuse(read.problem);
  const text = withByteOrderMark(read.value, false);
  const from = ending ?? formatByContent(text);
  if (from === to) {
    const hint = 'Select another format with --to, or name another document.';
    return fail('bad-input', tried, { system: `it is ${to.toUpperCase()} already`, hint });
  }
  const converted = convertDocument(text, from, to);
  if (!converted.ok) return refuse(converted.problem);
  for (const { line, column, message, count } of converted.value.losses) {
    note(`${path}:${line}:${column}: ${message}${count === 1 ? '' : ` (${count} times)`}`);
  }
  return await print(`${converted.value.text.replace(/\n$/, '')}\n`);
}

/** Returns the format of a document whose file has another ending. */
function formatByContent(text: string): ConvertedFormat {
  const format = formatOf(text);
  return format === 'json' || format === 'xml' ? format : 'yaml';
}

async function print(content: string | Uint8Array): Promise<Result<void>> {
  const output = new Output();
  output.write(content);
  return await output.finish();
}

function codeOf(result: Result<void>): number {
  if (result.ok) return exitCodes.done;
  reportFailure(result.error);
  return exitCodes.failed;
}
