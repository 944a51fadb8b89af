import { formatChecksumSpec, parseChecksumSpec } from '../bytes/checksums/spec.ts';
import { encodeUtf8 } from '../bytes/text.ts';
import { type EndpointConfig, optionOf } from '../endpoint/endpoint-config.ts';
import { fail, ok, type Result } from '../failure.ts';
import type { FramingSpec } from '../framing/catalogue.ts';
import { hexBytes, isUnframeable } from '../framing/framing.ts';
import { slipCodes } from '../framing/kinds/slip.ts';
import { stxBytes } from '../framing/kinds/stx.ts';
import { encodeMessage, formatFraming } from '../framing/spec.ts';
import { languageOf } from './catalogue.ts';
import {
  type GeneratedCode,
  type Language,
  type LanguageName,
  maxLiteralBytes,
  type PayloadOrigin,
  type Program,
  type ProgramAnswer,
  type ProgramFraming,
  type ProgramTls,
} from './program.ts';

interface CodeRequest {
  readonly config: EndpointConfig;
  /** What a client sends. A server has none: it answers as its behaviour says. */
  readonly payload?: Uint8Array | undefined;
  /** How the payload was made, with its checksum as a user spells it. */
  readonly origin?: PayloadOrigin | undefined;
  /** The content of the file with which the server replies, if its behaviour is that. */
  readonly replyFile?: Uint8Array | undefined;
  readonly language: LanguageName;
  readonly side: 'client' | 'server';
}

/**
 * Returns a program that does what the endpoint does, and the name of its file. Fails where the language or the program
 * cannot do what the configuration says: nothing that concerns security is left out.
 */
export function generateCode(request: CodeRequest): GeneratedCode {
  const { config, payload, origin, replyFile, language: name, side } = request;
  const language = languageOf(name);
  const action = `Could not generate a ${side} in ${language.label}`;
  const refused = (system: string, hint: string) => fail('unsupported', action, { system, hint });
  const { transport } = config;
  if (transport === 'ws' || transport === 'wss')
    return refused('WebSocket needs a library', 'Select TCP or TLS, or use a WebSocket library.');
  if (!language.transports.includes(transport))
    return refused(`the standard library has no support for ${transport}`, language.missing);
  const unsupported = unsupportedOption(config);
  if (unsupported !== undefined)
    return refused(`the option “${unsupported}” is not supported`, 'Reset the option and add it to the program.');
  const answer = answerOf(config, side, replyFile);
  if (!answer.ok) return refused(answer.error.message, answer.error.hint);
  const spec: FramingSpec = config.transport === 'udp' ? { kind: 'raw' } : config.framing;
  const framed = prepare(spec, payload, answer.value, language);
  if (!framed.ok) return refused(framed.error.message, framed.error.hint);
  const tooLong = [framed.value.payload, replyOf(framed.value.answer)].some(
    (bytes) => (bytes?.length ?? 0) > maxLiteralBytes,
  );
  if (tooLong) {
    const system = `the payload is longer than ${maxLiteralBytes} bytes`;
    return fail('too-large', action, { system, hint: 'Use a shorter payload, or read a file in the program.' });
  }
  const program: Program = {
    ...{ side, transport, port: config.port, path: config.path, ...framed.value },
    host: config.host === '' ? '127.0.0.1' : config.host,
    isIpv6: config.host.includes(':'),
    backlog: optionOf(config, 'backlog'),
    maxMessage: optionOf(config, 'limits.maxMessage'),
    framingName: formatFraming(config.framing),
    tls: tlsOf(config),
    origin: payload === undefined ? {} : checkedOrigin(origin),
  };
  const problem = language.refuse?.(program);
  if (problem !== undefined) return refused(problem, 'Select another language.');
  return ok({ text: language.write(program), fileName: fileNameOf(language, side) });
}

/** Returns `origin` with the checksum in its usual spelling, which is safe in a comment. */
function checkedOrigin({ template, checksum }: PayloadOrigin = {}): PayloadOrigin {
  const spec = checksum === undefined ? undefined : parseChecksumSpec(checksum);
  return { template, checksum: spec?.ok ? formatChecksumSpec(spec.value) : undefined };
}

function fileNameOf({ extension, capital }: Language, side: 'client' | 'server'): string {
  const first = side.slice(0, 1);
  return `${capital ? first.toUpperCase() : first}${side.slice(1)}.${extension}`;
}

/** Returns the path of the first option that changes what a program does and that programs do not have. */
function unsupportedOption(config: EndpointConfig): string | undefined {
  const { transport } = config;
  if (transport === 'tls') {
    const { passphrase, passphraseSet, alpn, minVersion, maxVersion } = config.tls;
    if (optionOf(config, 'tls.trusted').length > 0) return 'tls.trusted';
    if (passphrase !== '' || passphraseSet) return 'tls.passphrase';
    if (alpn.length > 0) return 'tls.alpn';
    if (minVersion !== 'TLSv1.2') return 'tls.minVersion';
    if (maxVersion !== 'TLSv1.3') return 'tls.maxVersion';
  }
  if (transport === 'udp') {
    if (config.udp.group !== '') return 'udp.group';
    if (config.udp.broadcast) return 'udp.broadcast';
  }
  return undefined;
}

function answerOf(
  config: EndpointConfig,
  side: 'client' | 'server',
  file: Uint8Array | undefined,
): Result<ProgramAnswer> {
  if (side === 'client' || config.role === 'client') return ok({ kind: 'silent' });
  const { behaviour } = config;
  switch (behaviour.kind) {
    case 'reply':
      return ok({ kind: 'reply', bytes: encodeUtf8(behaviour.text) });
    case 'reply-file':
      if (file) return ok({ kind: 'reply', bytes: file });
      return fail('unsupported', 'the content of the reply file is unknown', { hint: 'Select a reply with text.' });
    default:
      return ok({ kind: behaviour.kind });
  }
}

function replyOf(answer: ProgramAnswer): Uint8Array | undefined {
  return answer.kind === 'reply' ? answer.bytes : undefined;
}

type Framed = Pick<Program, 'framing' | 'payload' | 'answer'>;

/** Returns the framing as programs apply it; a framing that they do not implement is in the payload and the reply. */
function prepare(
  spec: FramingSpec,
  payload: Uint8Array | undefined,
  answer: ProgramAnswer,
  { lacks = [] }: Language,
): Result<Framed> {
  const encoded = (bytes: Uint8Array | undefined) => (bytes === undefined ? undefined : encodeMessage(spec, bytes));
  const sent = encoded(payload);
  const replied = encoded(replyOf(answer));
  for (const result of [sent, replied]) {
    if (result && isUnframeable(result)) return fail('bad-input', result.problem, { hint: 'Change the payload.' });
  }
  const known = framingOf(spec);
  const framing: ProgramFraming = lacks.includes(known.kind) ? { kind: 'raw', prepared: true } : known;
  if (framing.kind !== 'raw' || !framing.prepared) return ok({ framing, payload, answer });
  const bytesOf = (result: typeof sent) => (result && !isUnframeable(result) ? result.bytes : undefined);
  const reply = bytesOf(replied);
  return ok({ framing, payload: bytesOf(sent), answer: reply ? { kind: 'reply', bytes: reply } : answer });
}

function framingOf(spec: FramingSpec): ProgramFraming {
  switch (spec.kind) {
    case 'raw':
      return { kind: 'raw', prepared: false };
    case 'delimiter':
      return { kind: 'delimiter', delimiter: hexBytes(spec.delimiter), keep: spec.keep ?? false };
    case 'fixed':
      return { kind: 'fixed', size: spec.size, pad: hexBytes(spec.pad)[0] as number };
    case 'length': {
      const { size, endian, offset, inclusive, adjust = 0, tail = 0, start = '', first = '' } = spec;
      if (size === 'varint' || tail > 0 || start !== '' || first !== '') return { kind: 'raw', prepared: true };
      const header = offset + size;
      return { kind: 'length', size, header, endian, counted: (inclusive ? header : 0) - adjust };
    }
    case 'netstring':
    case 'cobs':
      return { kind: spec.kind };
    case 'slip': {
      const { end, escape: escapeByte, escapedEnd, escapedEscape } = slipCodes(spec);
      const special = Uint8Array.of(end, escapeByte);
      return { kind: 'escaped', start: end, end, escapeByte, special, codes: Uint8Array.of(escapedEnd, escapedEscape) };
    }
    case 'stx': {
      const { stx: start, etx: end, escape: escapeByte } = stxBytes(spec);
      const special = Uint8Array.of(start, end, escapeByte);
      return { kind: 'escaped', start, end, escapeByte, special, codes: special };
    }
    default:
      return { kind: 'raw', prepared: true };
  }
}

function tlsOf(config: EndpointConfig): ProgramTls | undefined {
  if (config.transport !== 'tls') return undefined;
  const { ca, certificate, key } = config.tls;
  const isServer = config.role === 'server';
  return {
    verify: isServer || config.tls.verify,
    serverName: isServer || config.tls.serverName === '' ? config.host : config.tls.serverName,
    ca,
    // A server cannot do without a certificate: Wirebench creates one, a program reads one.
    certificate: isServer && certificate === '' ? 'certificate.pem' : certificate,
    key: isServer && certificate === '' ? 'key.pem' : key === '' ? certificate : key,
    clientCertificate: config.role === 'server' ? config.tls.clientCertificate : 'none',
  };
}
