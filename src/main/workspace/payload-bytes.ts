import { randomFillSync } from 'node:crypto';
import { checksumSize } from '#shared/bytes/checksums/algorithm.ts';
import { findChecksum } from '#shared/bytes/checksums/catalogue.ts';
import { appendChecksum, type ChecksumSpec, parseChecksumSpec } from '#shared/bytes/checksums/spec.ts';
import { decodeText, type EncodingName, encodeText, encodings, loadEncoding } from '#shared/bytes/encodings.ts';
import { decodeUtf8 } from '#shared/bytes/text.ts';
import { pathProblem } from '#shared/document/document-path.ts';
import { formatChecksum, type PayloadMeta } from '#shared/document/kinds/payload-meta.ts';
import { fail, ok, type Result } from '#shared/failure.ts';
import { type PayloadFormat, payloadBytes } from '#shared/payload/payload.ts';
import { type PayloadProblem, problemAt, problemText } from '#shared/payload/problem.ts';
import type { Found, Scope, Sources } from '#shared/template/scope.ts';
import type { Template } from '#shared/template/template.ts';
import { errnoOf, readInside } from './folder-files.ts';

/*
 * From a written payload to the bytes of each message: its template, its encoding, its checksum. Framing comes after that. Import this
 * module when it is needed: checksums and encodings have tables, and templates load two libraries.
 */

/** A payload as it is written. */
export interface PayloadSource {
  /** Names it in failures. */
  readonly name: string;
  readonly format: PayloadFormat | 'binary';
  /** The bytes of its file, or its text in an editor. */
  readonly content: Uint8Array | string;
  readonly encoding: PayloadMeta['encoding'];
  readonly template: boolean;
  readonly checksum?: ChecksumSpec | undefined;
}

/** What the template of one message reads. */
export type MessageValues = Pick<Scope, 'row' | 'connection' | 'last' | 'message'>;

/** What all messages of one send share. The counters go on from message to message. */
export interface TemplateScope extends Pick<Scope, 'environment' | 'counters'> {
  /** The real path of the workspace, whose files a template may read. */
  readonly folder: string | undefined;
}

/** A payload that is ready to be sent. */
export interface PreparedPayload {
  /** The names that its template expects from row or environment. */
  readonly variables: readonly string[];
  /** True if messages may differ. */
  readonly isTemplate: boolean;
  /** Returns the bytes of the next message, without framing. Fails with `bad-input`, with line and column. */
  next(values: MessageValues, scope: TemplateScope): Result<Uint8Array>;
}

/** Prepares a payload. Fails with `bad-input`, with line and column, if it can never be sent. */
export async function preparePayload(source: PayloadSource): Promise<Result<PreparedPayload>> {
  const { name, format, content, template, checksum } = source;
  const isFixed = !template && (format === 'binary' || (format !== 'hex' && typeof content !== 'string'));
  if (isFixed) return fixed(ok(content as Uint8Array), checksum);
  if (format === 'binary') {
    const hint = 'Turn its template off, or use a hex payload.';
    return fail('bad-input', `Could not prepare “${name}”`, { system: 'a binary payload has no template', hint });
  }
  const text = await textOfPayload(source);
  if (!text.ok) return text;
  if (template) return await prepareTemplate(source, format, text.value);
  if (format === 'hex') {
    const bytes = payloadBytes('hex', text.value);
    return bytes.ok ? fixed(ok(bytes.value), checksum) : refuse(name, bytes.problem);
  }
  const encoded = await encoderOf(source);
  return fixed(encoded(text.value), checksum);
}

/** Returns the checksum that a payload's meta file names. Fails with `bad-input` for an unknown algorithm. */
export function checksumOf({ checksum }: PayloadMeta): Result<ChecksumSpec | undefined> {
  if (!checksum) return ok(undefined);
  const { from, to } = checksum;
  const range = `${from === undefined ? '' : `:from${from}`}${to === undefined ? '' : `:to${to}`}`;
  return parseChecksumSpec(`${formatChecksum(checksum)}${range}`);
}

function fixed(bytes: Result<Uint8Array>, checksum: ChecksumSpec | undefined): Result<PreparedPayload> {
  const whole = bytes.ok ? withChecksum(bytes.value, checksum) : bytes;
  return whole.ok ? ok({ variables: [], isTemplate: false, next: () => whole }) : whole;
}

function withChecksum(bytes: Uint8Array, checksum: ChecksumSpec | undefined): Result<Uint8Array> {
  return checksum ? appendChecksum(bytes, checksum) : ok(bytes);
}

async function prepareTemplate(
  source: PayloadSource,
  format: PayloadFormat,
  text: string,
): Promise<Result<PreparedPayload>> {
  const { parseTemplate, render, variablesOf } = await import('#shared/template/template.ts');
  const parsed = parseTemplate(format, text);
  if (!parsed.ok) return refuse(source.name, parsed.problem);
  const template: Template = parsed.value;
  const encode = format === 'hex' || source.encoding === 'utf-8' ? undefined : await encoderOf(source);
  let sources: Sources | undefined;
  return ok({
    variables: variablesOf(template).map(({ name }) => name),
    isTemplate: true,
    next(values, { folder, environment, counters }) {
      sources ??= sourcesOf(folder);
      const scope: Scope = { ...values, ...(environment ? { environment } : {}), counters, sources };
      const rendered = render(template, scope);
      if (!rendered.ok) return refuse(source.name, rendered.problem);
      const encoded = encode ? encode(decodeUtf8(rendered.value)) : ok(rendered.value);
      return encoded.ok ? withChecksum(encoded.value, source.checksum) : encoded;
    },
  });
}

/** Returns the checksum `name`, most significant byte first; `undefined` without such an algorithm. */
function checksumNamed(name: string, bytes: Uint8Array): Uint8Array | undefined {
  const algorithm = findChecksum(name);
  if (!algorithm) return undefined;
  const result = new Uint8Array(checksumSize(algorithm));
  const running = algorithm.create();
  running.update(bytes, 0, bytes.length);
  running.write(result, 0);
  return result;
}

const maxFileBytes = 16 * 1_048_576;

function sourcesOf(folder: string | undefined): Sources {
  const common = {
    clock: Date.now,
    randomBytes: (length: number) => randomFillSync(new Uint8Array(length)),
    checksum: checksumNamed,
  };
  return folder === undefined ? common : { ...common, file: (path) => fileIn(folder, path) };
}

/** Reads a file of the workspace for a template. Follows no link; hidden files and those of git are not read. */
function fileIn(folder: string, path: string): Found<Uint8Array> {
  const problem =
    pathProblem(path) ?? (path.split('/').some((part) => part.startsWith('.')) ? 'it is hidden' : undefined);
  if (problem !== undefined) return { ok: false, reason: `“${path}” is not a file of the workspace: ${problem}` };
  try {
    return { ok: true, value: readInside(folder, path, maxFileBytes).bytes };
  } catch (error) {
    if (errnoOf(error) === '') throw error;
    return { ok: false, reason: `The file “${path}” of the workspace cannot be read (${errnoOf(error)})` };
  }
}

/** Returns the name that the codecs have for an encoding of documents. */
function encodingOf(encoding: PayloadMeta['encoding']): EncodingName {
  return encoding === 'latin-1' ? 'iso-8859-1' : (encodings.find(({ name }) => name === encoding)?.name ?? 'utf-8');
}

async function textOfPayload({ name, content, encoding }: PayloadSource): Promise<Result<string>> {
  if (typeof content === 'string') return ok(content);
  const known = encodingOf(encoding);
  await loadEncoding(known);
  const decoded = decodeText(content, known);
  if (decoded.ok) return ok(decoded.text);
  const system = `byte ${decoded.at}: ${decoded.reason}`;
  return fail('bad-input', `Could not read “${name}”`, { system, hint: 'Correct the encoding of the payload.' });
}

/** Returns a function that encodes text as the payload says; `undefined` is text that was not UTF-8. */
async function encoderOf({ name, encoding }: PayloadSource): Promise<(text: string | undefined) => Result<Uint8Array>> {
  const known = encodingOf(encoding);
  await loadEncoding(known);
  const tried = `Could not encode “${name}”`;
  return (text) => {
    if (text === undefined) {
      const system = `its template has written bytes that are not text, and its encoding is ${encoding}`;
      return fail('bad-input', tried, { system, hint: 'Use a hex payload.' });
    }
    const encoded = encodeText(text, known);
    if (encoded.ok) return ok(encoded.bytes);
    const system = problemText(problemAt(text, encoded.at, encoded.reason));
    return fail('bad-input', tried, { system, hint: 'Use another encoding, or another character.' });
  };
}

function refuse(name: string, problem: PayloadProblem): Result<never> {
  const hint = 'Correct the payload, or give the variable a value.';
  return fail('bad-input', `Could not prepare “${name}”`, { system: problemText(problem), hint });
}
