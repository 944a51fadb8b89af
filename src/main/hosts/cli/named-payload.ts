import { type ChecksumSpec, parseChecksumSpec } from '#shared/bytes/checksums/spec.ts';
import type { ClientConfig } from '#shared/endpoint/endpoint-config.ts';
import { fail, ok, type Result } from '#shared/failure.ts';
import { isUnframeable } from '#shared/framing/framing.ts';
import { encodeMessage, formatFraming, parseFraming } from '#shared/framing/spec.ts';
import { abilitiesOf } from '#shared/socket/transports.ts';
import {
  checksumOf,
  type MessageValues,
  type PreparedPayload,
  preparePayload,
  type TemplateScope,
} from '#workspace/payload-bytes.ts';
import { type CommandWorkspace, openWorkspace, type PayloadDocument } from './command-workspace.ts';
import type { Payload, PayloadSource } from './input.ts';

/* Payloads of the workspace, and checksums. Import this module when a command needs it: templates and tables are large. */

/** The options that say which payload is rendered, and how. */
type NamedSource = Pick<PayloadSource, 'workspace' | 'env' | 'set' | 'checksum'> & { readonly payload: string };

/** A payload of the workspace that is ready to be sent. */
interface NamedPayload {
  readonly document: PayloadDocument;
  readonly isTemplate: boolean;
  /** Returns the bytes of the next message, without framing. */
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
  const checksum = source.checksum === undefined ? checksumOf(document.meta) : parseChecksumSpec(source.checksum);
  if (!checksum.ok) return checksum;
  const { encoding, template } = document.meta;
  const { path: name, format, bytes: content } = document;
  const prepared = await preparePayload({ name, format, content, encoding, template, checksum: checksum.value });
  if (!prepared.ok) return prepared;
  const scope = await scopeOf(open, source, prepared.value);
  if (!scope.ok) return scope;
  const row = source.set && Object.fromEntries(source.set);
  const { isTemplate } = prepared.value;
  const next = (values: MessageValues) => prepared.value.next(row ? { ...values, row } : values, scope.value);
  return ok({ document, isTemplate, next });
}

/** Returns the variables of the environment with the secrets that the template names. */
async function scopeOf(
  open: CommandWorkspace,
  { env, set = [] }: NamedSource,
  { variables }: PreparedPayload,
): Promise<Result<TemplateScope>> {
  const shared = { folder: open.workspace.folder, counters: new Map<string, number | bigint>() };
  if (env === undefined) return ok({ ...shared, environment: {} });
  const read = await open.environment(env);
  if (!read.ok) return read;
  const environment: Record<string, string> = { ...read.value.variables };
  const given = new Set(set.map(([name]) => name));
  for (const name of read.value.secrets) {
    if (!variables.includes(name) || given.has(name)) continue;
    const value = await open.secrets.get(read.value.path, name);
    if (!value.ok) {
      const hint = `Set it with wirebench env set-secret ${env} ${name}.`;
      return value.error.code === 'not-found' ? { ok: false, error: { ...value.error, hint } } : value;
    }
    environment[name] = value.value;
  }
  return ok({ ...shared, environment });
}

/** Returns the payload that `send` sends to an endpoint: a fixed one as its bytes, a template as what renders each message. */
export async function payloadToSend(
  source: NamedSource,
  config: ClientConfig,
  hasFraming: boolean,
): Promise<Result<Payload>> {
  const read = await readNamedPayload(source);
  if (!read.ok) return read;
  const { document, isTemplate, next } = read.value;
  const own = hasFraming || abilitiesOf(config.transport).messageOriented ? undefined : document.meta.framing;
  const isOwn = own !== undefined && own !== formatFraming(config.framing);
  const framed = (values: MessageValues) => {
    const bytes = next(values);
    return isOwn && bytes.ok ? frame(document.path, own, bytes.value) : bytes;
  };
  if (isTemplate) return ok({ kind: 'rendered', next: framed, isFramed: isOwn });
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

/** Returns `bytes` with the checksum that is spelled `checksum` after them. */
export async function withChecksum(bytes: Uint8Array, checksum: string): Promise<Result<Uint8Array>> {
  const spec: Result<ChecksumSpec> = parseChecksumSpec(checksum);
  if (!spec.ok) return spec;
  const prepared = await preparePayload({
    name: 'the payload',
    format: 'binary',
    content: bytes,
    encoding: 'utf-8',
    template: false,
    checksum: spec.value,
  });
  return prepared.ok ? prepared.value.next({}, { folder: undefined, environment: {}, counters: new Map() }) : prepared;
}
