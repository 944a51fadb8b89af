import type { ClientConfig } from '#shared/endpoint/endpoint-config.ts';
import { fail, ok, type Result } from '#shared/failure.ts';
import { isUnframeable } from '#shared/framing/framing.ts';
import { encodeMessage, formatFraming, parseFraming } from '#shared/framing/spec.ts';
import { type Checked, type PayloadProblem, problemText } from '#shared/payload/problem.ts';
import { abilitiesOf } from '#shared/socket/transports.ts';
import {
  type EnvironmentValues,
  type PayloadText,
  type PreparedPayload,
  prepareBytes,
  preparePayload,
  readEnvironment,
  templateSources,
  textOfFile,
} from '#workspace/payload-bytes.ts';
import { type CommandWorkspace, openWorkspace, type PayloadDocument } from './command-workspace.ts';
import type { MessageValues, Payload, PayloadSource } from './input.ts';
import { note } from './output.ts';

/* Payloads of the workspace, and checksums. Import this module when a command needs it: it loads tables. */

/** The options that say which payload is rendered, and how. */
type NamedSource = Pick<PayloadSource, 'workspace' | 'env' | 'set' | 'checksum'> & { readonly payload: string };

/** A payload of the workspace that is ready to be sent. */
interface NamedPayload {
  readonly document: PayloadDocument;
  /** Every message has the same bytes. */
  readonly isFixed: boolean;
  /** The template reads the last received message. */
  readonly usesLast: boolean;
  /** The template uses a secret of the environment. */
  readonly usesSecret: boolean;
  /** Returns the bytes of the next message, without framing. Counters continue from one to the next. */
  next(values: MessageValues): Result<Uint8Array>;
}

/**
 * Reads and prepares a payload of the workspace. Fails with `not-found` or `bad-input` for an unknown or ambiguous name, with `bad-input`
 * for a mistake in it, and as reading documents and secrets does.
 */
export async function readNamedPayload(source: NamedSource): Promise<Result<NamedPayload>> {
  const opened = await openWorkspace(source.workspace);
  if (!opened.ok) return opened;
  try {
    return await prepare(opened.value, source);
  } finally {
    await opened.value.close();
  }
}

async function prepare(open: CommandWorkspace, source: NamedSource): Promise<Result<NamedPayload>> {
  const read = await open.payload(source.payload);
  if (!read.ok) return read;
  const document = read.value;
  const { path, meta } = document;
  if (!meta.template && (source.env !== undefined || source.set !== undefined))
    note(`${path} is not a template: --env and --set have no effect`);
  const checksum = source.checksum === undefined ? meta.checksum : { spec: source.checksum };
  const prepared = await prepareDocument(document, checksum);
  if (!prepared.ok) return prepared;
  const { names, isFixed, bytes, shownBytes } = prepared.value;
  const environment = await environmentOf(open, source, names);
  if (!environment.ok) return environment;
  const { values, usesSecret } = environment.value;
  const shared = {
    environment: { ...values.variables, ...values.secrets },
    sources: templateSources(open.workspace.folder),
    counters: new Map<string, number | bigint>(),
    ...(source.set ? { row: Object.fromEntries(source.set) } : {}),
  };
  const next = (message: MessageValues) => {
    const scope = { ...shared, ...message };
    return placed(path, usesSecret ? shownBytes(scope, values) : bytes(scope));
  };
  return ok({ document, isFixed, usesLast: names.has('last'), usesSecret, next });
}

async function prepareDocument(
  { path, format, bytes, meta: { encoding, template } }: PayloadDocument,
  checksum: PayloadText['checksum'],
): Promise<Result<PreparedPayload>> {
  // The bytes of the file are the payload; hex and templates are text.
  if (format === 'binary' || (format !== 'hex' && !template)) {
    if (!template) return placed(path, await prepareBytes(bytes, checksum));
    const hint = 'Turn its template off, or use a hex payload.';
    return fail('bad-input', `Could not render “${path}”`, { system: 'a binary payload has no template', hint });
  }
  const decoded = await textOfFile(bytes, encoding);
  if (decoded.ok) {
    return placed(path, await preparePayload({ format, text: decoded.text, encoding, template, checksum }));
  }
  const system = `byte ${decoded.at}: ${decoded.reason}`;
  return fail('bad-input', `Could not read “${path}”`, { system, hint: 'Correct its encoding in the meta file.' });
}

/** Returns the value, or the failure of `name` with line and column. */
function placed<Value>(name: string, checked: Checked<Value>): Result<Value> {
  return checked.ok ? checked : refuse(name, checked.problem);
}

function refuse(name: string, problem: PayloadProblem): Result<never> {
  const hint = 'Correct the payload, or set its variables with --env or --set.';
  return fail('bad-input', `Could not render “${name}”`, { system: problemText(problem), hint });
}

/** Returns the variables of the environment with its secrets, and if the template uses one of these. Fails if the template names a secret that this machine does not have. */
async function environmentOf(
  open: CommandWorkspace,
  { env, set = [] }: NamedSource,
  names: ReadonlySet<string>,
): Promise<Result<{ readonly values: EnvironmentValues; readonly usesSecret: boolean }>> {
  if (env === undefined) return ok({ values: { variables: {}, secrets: {}, missingSecrets: [] }, usesSecret: false });
  const found = await open.environment(env);
  if (!found.ok) return found;
  const read = await readEnvironment(open.workspace, open.secrets, found.value.path);
  if (!read.ok) return read;
  const { secrets } = read.value;
  const given = new Set(set.map(([name]) => name));
  const used = found.value.secrets.filter((name) => names.has(name) && !given.has(name));
  const missing = used.find((name) => !Object.hasOwn(secrets, name));
  if (missing === undefined) return ok({ values: read.value, usesSecret: used.length > 0 });
  return fail('not-found', `The secret “${missing}” of “${found.value.path}” is needed`, {
    system: 'it has no value on this machine',
    hint: `Set it with wirebench env set-secret ${env} ${missing}.`,
  });
}

/** Returns the payload that `send` sends to an endpoint: a fixed one as its bytes, a template as what renders each message. */
export async function payloadToSend(
  source: NamedSource,
  config: ClientConfig,
  hasFraming: boolean,
): Promise<Result<Payload>> {
  const read = await readNamedPayload(source);
  if (!read.ok) return read;
  const { document, isFixed, usesLast, next } = read.value;
  const own = hasFraming || abilitiesOf(config.transport).messageOriented ? undefined : document.meta.framing;
  const isOwn = own !== undefined && own !== formatFraming(config.framing);
  const framed = (values: MessageValues) => {
    const bytes = next(values);
    return isOwn && bytes.ok ? frame(document.path, own, bytes.value) : bytes;
  };
  if (!isFixed) return ok({ kind: 'rendered', next: framed, usesLast, isFramed: isOwn });
  const bytes = framed({});
  return bytes.ok ? ok({ kind: 'bytes', bytes: bytes.value, isFramed: isOwn }) : bytes;
}

function frame(name: string, spelling: string, bytes: Uint8Array): Result<Uint8Array> {
  const spec = parseFraming(spelling);
  const encoded = spec && encodeMessage(spec, bytes);
  if (encoded && !isUnframeable(encoded)) return ok(encoded.bytes);
  const system = encoded?.problem ?? `${spelling} is not a framing`;
  return fail('bad-input', `Could not frame “${name}”`, { system, hint: 'Correct the framing in its meta file.' });
}

/** Returns `bytes` with the checksum that is spelled `checksum` after them. Fails with `bad-input` if it does not suit the bytes. */
export async function withChecksum(bytes: Uint8Array, checksum: string): Promise<Result<Uint8Array>> {
  const prepared = await prepareBytes(bytes, { spec: checksum });
  const made = prepared.ok
    ? prepared.value.bytes({ counters: new Map(), sources: templateSources(undefined) })
    : prepared;
  if (made.ok) return made;
  const { reason: system } = made.problem;
  return fail('bad-input', `Could not append the checksum ${checksum}`, { system, hint: 'Use another checksum.' });
}
