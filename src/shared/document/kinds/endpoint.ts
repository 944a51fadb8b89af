import { copyOf, type EndpointConfig, nested, optionsOf, valueAt } from '../../endpoint/endpoint-config.ts';
import { endpointConfigSchema } from '../../endpoint/endpoint-schema.ts';
import { optionCatalogue } from '../../endpoint/options/catalogue.ts';
import type { EndpointOption } from '../../endpoint/options/option.ts';
import { hideHeader, hideTarget, isSecretName, splitHeader } from '../../endpoint/upgrade-request.ts';
import type { FramingSpec } from '../../framing/catalogue.ts';
import { formatFraming, parseFraming } from '../../framing/spec.ts';
import { type Action, actionKindOf, createAction, textOf } from '../../rules/actions/catalogue.ts';
import type { DocumentContext, KeptReference } from '../document-kind.ts';
import { pathProblem } from '../document-path.ts';
import { type EndpointColour, type EndpointFile, endpointFileSchema } from '../endpoint-file.ts';
import { isSample, placesOfHeaders, ReferenceReader, ReferenceWriter } from '../kept-values.ts';
import { type FileIssue, type FileToWrite, type ReadFile, yamlKind } from '../yaml-kind.ts';

/** An endpoint that is kept as a document. */
export interface EndpointDocument {
  readonly config: EndpointConfig;
  readonly colour?: EndpointColour | undefined;
  readonly note?: string | undefined;
  /** The names under which this machine keeps the secrets and files of `config`. */
  readonly references: readonly KeptReference[];
}

/** Replaces a secret of a request that this machine does not have; `missingSecrets` finds it before it is sent. */
const unknownSecret = '•••• (1 character)';

/** Options that are written even where they have their defaults: a person looks for them. */
const alwaysWritten: ReadonlySet<string> = new Set(['host', 'port', 'path', 'framing']);
/** Options that say something of the running program, not of the endpoint. */
const neverWritten: ReadonlySet<string> = new Set(['tls.passphraseSet']);

/** `endpoints/**.yaml`. */
export const endpointKind = yamlKind({
  kind: 'endpoint',
  label: 'endpoint',
  folder: 'endpoints',
  endings: ['.yaml'],
  schema: endpointFileSchema,
  read: readEndpoint,
  write: writeEndpoint,
});

function readEndpoint(file: EndpointFile, context: DocumentContext): ReadFile<EndpointDocument> {
  const { role, transport, colour, note } = file;
  const reader = new ReferenceReader(context);
  const values: Record<string, unknown> = {};
  const notices: FileIssue[] = [];
  const meant = new Set(optionsOf(role, transport).map(({ path }) => path));
  for (const path of new Set(optionCatalogue.map((option) => option.path))) {
    const written = valueAt(file, path);
    if (written === undefined) continue;
    const steps = path.split('.');
    if (!meant.has(path)) {
      notices.push({ path: steps, what: `has no effect for a ${role} over ${transport}, and it is kept` });
      continue;
    }
    const problem = writtenProblem(path, written);
    if (problem) return { ok: false, issue: { ...problem, path: [...steps, ...problem.path] } };
    values[path] = readOption(path, written, reader);
  }
  if (valueAt(file, 'tls.passphrase') !== undefined && meant.has('tls.passphrase')) values['tls.passphraseSet'] = true;
  const parsed = endpointConfigSchema.safeParse(nested({ role, transport }, values));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const path = (issue?.path ?? []).map((step) => (typeof step === 'number' ? step : String(step)));
    return { ok: false, issue: { path, what: issue?.message ?? 'is not as expected' } };
  }
  const { references } = reader;
  return { ok: true, value: { config: parsed.data, colour, note, references }, notices, references };
}

/** Returns why a file must not contain a value: a secret, or a path out of the workspace. */
function writtenProblem(path: string, written: unknown): FileIssue | undefined {
  if (path === 'ws.headers') return headerProblem(written as readonly WrittenHeader[]);
  if (path === 'ws.path' && typeof written === 'string' && hideTarget(written) !== written) {
    return { path: [], what: 'contains a secret, which a file must not contain', hint: 'Write { secret: NAME }.' };
  }
  const isBehaviour = path === 'behaviour' && isGroup(written);
  const file = isBehaviour ? written.path : namesFile(path) ? written : '';
  if (typeof file !== 'string' || file === '' || isSample(file)) return undefined;
  const problem = pathProblem(file);
  if (problem === undefined) return undefined;
  const hint = 'Copy the file into the workspace, or write { local: NAME } and select the file in the window.';
  return { path: isBehaviour ? ['path'] : [], what: `must be a path inside the workspace: ${problem}`, hint };
}

function headerProblem(lines: readonly WrittenHeader[]): FileIssue | undefined {
  for (const [index, line] of lines.entries()) {
    if (typeof line === 'string' && hideHeader(line) !== line) {
      const hint = `Write { header: ${splitHeader(line).name}, secret: NAME }.`;
      return { path: [index], what: 'is a secret, which a file must not contain', hint };
    }
    if (typeof line !== 'string' && !isSecretName(line.header)) {
      const hint = 'Names with token, key, secret or password are secret, and Authorization and Cookie.';
      return { path: [index], what: `a header named ${line.header} cannot be secret`, hint };
    }
  }
  return undefined;
}

function isGroup(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const fileOptions: ReadonlySet<string> = new Set(
  (optionCatalogue as readonly EndpointOption[]).filter(({ row }) => row?.control === 'file').map(({ path }) => path),
);

function namesFile(path: string): boolean {
  return fileOptions.has(path);
}

/** Returns the value of an option as a configuration has it. */
function readOption(path: string, written: unknown, reader: ReferenceReader): unknown {
  if (path === 'framing') return parseFraming(String(written));
  if (path === 'behaviour') return readBehaviour(written as NonNullable<EndpointFile['behaviour']>, reader);
  if (namesFile(path)) return reader.file(path, written as string | { local: string });
  if (path === 'ws.headers') return readHeaders(written as readonly WrittenHeader[], reader);
  if (!isGroup(written)) return written;
  const secret = reader.secret(path, String(written.secret));
  return secret ?? (path === 'ws.path' ? `/?${String(written.secret)}=${unknownSecret}` : '');
}

type WrittenHeader = string | { readonly header: string; readonly secret: string };

function readHeaders(lines: readonly WrittenHeader[], reader: ReferenceReader): string[] {
  const places = placesOfHeaders(
    lines.map((line) => (typeof line === 'string' ? splitHeader(line).name : line.header)),
  );
  return lines.map((line, index) => {
    if (typeof line === 'string') return line;
    return `${line.header}: ${reader.secret(places[index] ?? '', line.secret) ?? unknownSecret}`;
  });
}

function readBehaviour({ kind, text, path }: NonNullable<EndpointFile['behaviour']>, reader: ReferenceReader): Action {
  const { value } = actionKindOf(kind);
  if (value?.input === 'payload')
    return createAction(kind, path === undefined ? undefined : reader.file('behaviour.path', path));
  return createAction(kind, text);
}

function writeEndpoint(
  { config, colour, note, references }: EndpointDocument,
  { root, path }: DocumentContext,
): FileToWrite {
  const { role, transport } = config;
  const fallback = path === undefined ? config.name : path.replace(/^endpoints\//, '').replace(/\.yaml$/, '');
  const writer = new ReferenceWriter(references, root, fallback);
  const values: Record<string, unknown> = {};
  for (const option of optionsOf(role, transport)) {
    const value = valueAt(config, option.path);
    if (neverWritten.has(option.path)) continue;
    if (!alwaysWritten.has(option.path) && isDefault(option, value, config)) continue;
    values[option.path] = writeOption(option.path, value, writer);
  }
  const { name, ...others } = values;
  const file = { ...nested({ name, role, transport }, others), colour, note };
  const notices = writer.kept
    .filter((one) => one.kind === 'path')
    .map(({ at }) => ({
      path: at.split('.'),
      what: 'the file is outside of the workspace: its path is kept on this machine, and the document only names it',
    }));
  return { file, notices, kept: writer.kept };
}

function isDefault(option: EndpointOption, value: unknown, config: EndpointConfig): boolean {
  if (option.path === 'tls.passphrase') return value === '' && valueAt(config, 'tls.passphraseSet') !== true;
  return JSON.stringify(value) === JSON.stringify(copyOf(option.default));
}

/** Returns the value of an option as a file has it. */
function writeOption(path: string, value: unknown, writer: ReferenceWriter): unknown {
  if (path === 'framing') return formatFraming(value as FramingSpec);
  if (path === 'behaviour') return writeBehaviour(value as Action, writer);
  if (namesFile(path)) return writer.file(path, String(value));
  if (path === 'tls.passphrase') return { secret: writer.secret(path, String(value)) };
  if (path === 'ws.headers') return writeHeaders(value as readonly string[], writer);
  if (path !== 'ws.path') return value;
  const target = String(value);
  const [, missing] = unknownTarget.exec(target) ?? [];
  if (missing !== undefined) return { secret: missing };
  return hideTarget(target) === target && !writer.has(path) ? target : { secret: writer.secret(path, target) };
}

const unknownTarget = /^\/\?([^=]+)=•••• \(1 character\)$/;

function writeHeaders(lines: readonly string[], writer: ReferenceWriter): WrittenHeader[] {
  const places = placesOfHeaders(lines.map((line) => splitHeader(line).name));
  return lines.map((line, index) => {
    const { name, value } = splitHeader(line);
    const isUnknown = value.startsWith('•••• (') && isSecretName(name);
    if (!isUnknown && hideHeader(line) === line) return line;
    return { header: name, secret: writer.secret(places[index] ?? '', isUnknown ? '' : value) };
  });
}

function writeBehaviour(action: Action, writer: ReferenceWriter): object {
  const { value } = actionKindOf(action.kind);
  if (!value) return { kind: action.kind };
  const text = textOf(action) ?? '';
  return { kind: action.kind, [value.name]: value.input === 'payload' ? writer.file('behaviour.path', text) : text };
}
