import { readRegularFile } from '#files/regular-file.ts';
import { printableJson } from '#shared/bytes/hidden.ts';
import { showControls } from '#shared/bytes/text.ts';
import { nameOf } from '#shared/document/document-path.ts';
import { payloadFormatOf, payloadKind } from '#shared/document/kinds/payload.ts';
import { fail, ok, type Result } from '#shared/failure.ts';
import { jsonToXml, xmlToJson } from '#shared/payload/convert.ts';
import { readDocument } from '#shared/payload/document-text.ts';
import { formatOf, hexLines } from '#shared/payload/payload.ts';
import { problemText } from '#shared/payload/problem.ts';
import { type CommandWorkspace, type WorkspaceChoice, withWorkspace } from './command-workspace.ts';
import { maxPayloadBytes, type PayloadSource, unreadable } from './input.ts';
import { exitCodes, Output, reportFailure } from './output.ts';

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
        json ? `${printableJson({ ...listed, problem: reason })}\n` : lineOf({ ...listed, problem: reason }),
      );
      await output.ready();
      if (output.gone) break;
    }
    await output.finish();
    return ok(undefined);
  });
}

/** What the list shows of a meta file. */
interface ListedMeta {
  readonly template?: boolean;
  readonly encoding?: string;
  readonly framing?: string | undefined;
  readonly checksum?: string | undefined;
  readonly note?: string | undefined;
  readonly problem?: string | undefined;
}

async function metaOf(open: CommandWorkspace, path: string): Promise<ListedMeta> {
  const read = await open.meta(path);
  if (!read.ok) return { problem: read.error.system };
  const { template, encoding, framing, checksum, note } = read.value;
  return { template, encoding, framing, checksum: checksum?.spec, note };
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
    checksum ?? '',
    problem === undefined ? '' : `not readable: ${problem}`,
  ].filter((part) => part !== '');
  const inside = path.slice(path.indexOf('/') + 1);
  return `${showControls(`${inside}  ${size} B${parts.length === 0 ? '' : `  ${parts.join(', ')}`}`)}\n`;
}

/** Runs `wirebench payload show`: prints the bytes of the file. */
export function showPayload(name: string, choice: WorkspaceChoice): Promise<number> {
  return withWorkspace(choice, async (open) => {
    const read = await open.payload(name);
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

/** Runs `wirebench payload convert`: prints the document at `path` in another format. */
export async function convertFile(path: string, { to }: { readonly to: 'json' | 'xml' }): Promise<number> {
  return codeOf(await convert(path, to));
}

async function convert(path: string, to: 'json' | 'xml'): Promise<Result<void>> {
  let bytes: Uint8Array;
  try {
    bytes = await readRegularFile(path, maxPayloadBytes);
  } catch (error) {
    return unreadable(path, error);
  }
  const tried = `Could not convert ${path}`;
  const from = to === 'json' ? 'xml' : 'json';
  const read = readDocument(from, bytes);
  if (!read.ok) return fail('bad-input', tried, { system: problemText(read.problem), hint: 'Correct the document.' });
  if (formatOf(read.value) === to) {
    return fail('bad-input', tried, {
      system: `it begins as ${to.toUpperCase()}`,
      hint: `Name a document in ${from.toUpperCase()}.`,
    });
  }
  const converted = to === 'json' ? xmlToJson(read.value) : jsonToXml(read.value);
  if (converted.ok) return await print(`${converted.value}\n`);
  return fail('bad-input', tried, { system: problemText(converted.problem), hint: 'Correct the document.' });
}

async function print(content: string | Uint8Array): Promise<Result<void>> {
  const output = new Output();
  output.write(content);
  await output.finish();
  return output.failure ? { ok: false, error: output.failure } : ok(undefined);
}

function codeOf(result: Result<void>): number {
  if (result.ok) return exitCodes.done;
  reportFailure(result.error);
  return exitCodes.failed;
}
