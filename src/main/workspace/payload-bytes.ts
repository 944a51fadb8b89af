import { randomBytes } from 'node:crypto';
import { checksumSize } from '#shared/bytes/checksums/algorithm.ts';
import { findChecksum } from '#shared/bytes/checksums/catalogue.ts';
import { type Decoded, decodeText, loadEncoding } from '#shared/bytes/encodings.ts';
import { encodeUtf8 } from '#shared/bytes/text.ts';
import { pathProblem } from '#shared/document/document-path.ts';
import { environmentKind } from '#shared/document/kinds/environment.ts';
import { fail, ok, type Result } from '#shared/failure.ts';
import type { PayloadFormat } from '#shared/payload/payload.ts';
import { type Checked, problemAt } from '#shared/payload/problem.ts';
import { encodingNamed, loadByteWriter } from '#shared/payload/sent-bytes.ts';
import type { Scope, Sources } from '#shared/template/scope.ts';
import { errnoOf, readInside } from './folder-files.ts';
import { secretScope } from './kept-values.ts';
import type { SecretStore } from './secrets.ts';
import type { Workspace } from './workspace.ts';

/*
 * From a payload as a user has written it to the bytes of a message: the template, the encoding, the checksum. The framing follows later.
 * Import this module when it is needed: checksums and encodings have tables.
 */

/** A checksum as documents and the command line spell it, and the bytes that it covers. */
interface WrittenChecksum {
  readonly spec: string;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** A payload as it is written: see `writtenPayloadSchema`. */
export interface PayloadText {
  readonly format: PayloadFormat;
  readonly text: string;
  readonly encoding: string;
  readonly template: boolean;
  readonly checksum?: WrittenChecksum | undefined;
}

/** A payload that is parsed: what is needed for each message is fast. */
export interface PreparedPayload {
  /** Every message has the same bytes. */
  readonly isFixed: boolean;
  /** The names that its template uses: variables, and built-in values such as `last`. */
  readonly names: ReadonlySet<string>;
  /** Returns the bytes of one message without framing, or the problem with its place in the text. */
  bytes(scope: Scope): Checked<Uint8Array<ArrayBuffer>>;
  /** Does as `bytes`; a problem never quotes the value of a secret of `environment`. */
  shownBytes(scope: Scope, environment: EnvironmentValues): Checked<Uint8Array<ArrayBuffer>>;
  /** Returns the text of the value at the offset `at` of a template, in UTF-8, or why the next message does not have it. */
  valueAt(at: number, scope: Scope): Checked<Uint8Array<ArrayBuffer>>;
}

/** Returns a payload whose messages all have the same bytes. */
function fixedPayload(fixed: Checked<Uint8Array<ArrayBuffer>>): Checked<PreparedPayload> {
  if (!fixed.ok) return fixed;
  const valueAt = (): Checked<never> => ({
    ok: false,
    problem: problemAt('', 0, 'The payload is not a template'),
  });
  return {
    ok: true,
    value: { isFixed: true, names: new Set(), bytes: () => fixed, shownBytes: () => fixed, valueAt },
  };
}

/** The largest file that a template reads. Bytes. */
const maxFileBytes = 16 * 1_048_576;

/**
 * Parses a payload. The problem is that of the template, of a character that the encoding does not have, or of the checksum. Loads the
 * template language only if it is needed.
 */
export async function preparePayload(payload: PayloadText): Promise<Checked<PreparedPayload>> {
  const { format, text, encoding, template, checksum } = payload;
  const writer = await loadByteWriter({ format, encoding, checksum });
  if (!writer.ok) return writer;
  const { write, finish } = writer.value;
  if (!template) return fixedPayload(write(text));
  const { parseTemplate, render, valueAt } = await import('#shared/template/template.ts');
  const parsed = parseTemplate(format, text);
  if (!parsed.ok) return parsed;
  const names = new Set(parsed.value.program.uses.map(({ name }) => name));
  const xpath = text.includes('xpath') ? (await import('./template-xpath.ts')).firstByXPath : undefined;
  const withXPath = (scope: Scope) => (xpath ? { ...scope, sources: { ...scope.sources, xpath } } : scope);
  const bytes = (scope: Scope): Checked<Uint8Array<ArrayBuffer>> => {
    const rendered = render(parsed.value, withXPath(scope));
    return rendered.ok ? finish(rendered.value, text) : rendered;
  };
  const valueBytes = (at: number, scope: Scope): Checked<Uint8Array<ArrayBuffer>> => {
    const found = valueAt(parsed.value, at, withXPath(scope));
    if (!found.ok) return found;
    if (found.value !== undefined) return { ok: true, value: encodeUtf8(found.value) };
    return { ok: false, problem: problemAt(text, at, 'The next message does not contain this value') };
  };
  const shownBytes = (scope: Scope, environment: EnvironmentValues) => withShownProblem(bytes, scope, environment);
  return { ok: true, value: { isFixed: false, names, bytes, shownBytes, valueAt: valueBytes } };
}

/** Renders a message. The reason of a problem stays only if it is the same with asterisks in place of the secrets. */
function withShownProblem(
  bytes: PreparedPayload['bytes'],
  scope: Scope,
  environment: EnvironmentValues,
): Checked<Uint8Array<ArrayBuffer>> {
  const made = bytes(scope);
  if (made.ok) return made;
  const { variables, secrets } = withoutSecrets(environment);
  const again = bytes({ ...scope, environment: { ...variables, ...secrets }, counters: new Map(scope.counters) });
  if (!again.ok && again.problem.reason === made.problem.reason) return made;
  const reason = 'The value here does not suit; it is not shown because the template uses a secret';
  return { ok: false, problem: { ...made.problem, reason } };
}

/** Prepares a payload whose bytes are final, apart from its checksum. */
export async function prepareBytes(
  bytes: Uint8Array,
  checksum: WrittenChecksum | undefined,
): Promise<Checked<PreparedPayload>> {
  const writer = await loadByteWriter({ format: 'hex', encoding: 'utf-8', checksum });
  if (!writer.ok) return writer;
  return fixedPayload(writer.value.finish(Uint8Array.from(bytes), ''));
}

/** Decodes the text of a payload's file in its encoding. */
export async function textOfFile(bytes: Uint8Array, encoding: string): Promise<Decoded> {
  const name = encodingNamed(encoding) ?? 'utf-8';
  await loadEncoding(name);
  return decodeText(bytes, name);
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

/** Returns what templates may read of the outside: the time, random bytes, and the files of the workspace `root`. */
export function templateSources(root: string | undefined): Sources {
  const base = { clock: Date.now, randomBytes, checksum: checksumNamed };
  if (root === undefined) return base;
  return {
    ...base,
    file(path) {
      const problem = path.split('/').some((part) => part.startsWith('.'))
        ? 'a part of it begins with a dot'
        : pathProblem(path);
      if (problem !== undefined)
        return { ok: false, reason: `${JSON.stringify(path.slice(0, 80))} is not a file of the workspace: ${problem}` };
      try {
        return { ok: true, value: readInside(root, path, maxFileBytes).bytes };
      } catch (error) {
        const errno = errnoOf(error);
        if (errno === '') throw error;
        return { ok: false, reason: `The file ${JSON.stringify(path)} cannot be read (${errno})` };
      }
    },
  };
}

/** The variables of an environment, and the values of its secrets that this machine has. */
export interface EnvironmentValues {
  readonly variables: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
  /** The names of the secrets that this machine does not have. */
  readonly missingSecrets: readonly string[];
}

/** Returns `environment` with asterisks in place of its secrets, as many as characters. */
export function withoutSecrets(environment: EnvironmentValues): EnvironmentValues {
  const marks = Object.entries(environment.secrets).map(([name, value]) => [name, '*'.repeat(value.length)]);
  return { ...environment, secrets: Object.fromEntries(marks) };
}

/** Reads the environment at `path` of `workspace`, with its secrets. Fails as a document does. */
export async function readEnvironment(
  workspace: Workspace,
  secrets: SecretStore,
  path: string,
): Promise<Result<EnvironmentValues>> {
  const content = await workspace.read(path);
  if (!content.ok) return content;
  const parsed = environmentKind.parse(content.value.bytes, { path });
  if (!parsed.ok) return { ok: false, error: parsed.error };
  const values: [string, string][] = [];
  const missingSecrets: string[] = [];
  for (const name of parsed.value.value.secrets) {
    const found = await secrets.get(secretScope(path), name);
    if (found.ok) values.push([name, found.value]);
    else if (found.error.code === 'not-found') missingSecrets.push(name);
    else return fail(found.error.code, found.error.message, found.error);
  }
  return ok({ variables: parsed.value.value.variables, secrets: Object.fromEntries(values), missingSecrets });
}
