import type { Result } from '../failure.ts';

/** The names of the languages, as the command line spells them. It has them before it loads the languages. */
export const languageNames = [
  ...(['python', 'asyncio', 'node', 'c', 'go', 'java', 'rust', 'csharp', 'bash', 'powershell'] as const),
] as const;
export type LanguageName = (typeof languageNames)[number];

/** Maximum size of a payload or a reply in a program, in bytes: compilers limit the length of a literal. */
export const maxLiteralBytes = 16_384;

/** How a program splits the stream. Other framings, and those that a language lacks, are `prepared`. */
export type ProgramFraming =
  /** Each read is printed as it arrives. `prepared`: the payload and the reply already contain their framing. */
  | { readonly kind: 'raw'; readonly prepared: boolean }
  | { readonly kind: 'delimiter'; readonly delimiter: Uint8Array; readonly keep: boolean }
  | { readonly kind: 'fixed'; readonly size: number; readonly pad: number }
  | {
      readonly kind: 'length';
      /** Bytes of the length field, 1 to 8, and of the header up to its end. */
      readonly size: number;
      readonly header: number;
      readonly endian: 'be' | 'le';
      /** The length minus the number of bytes of the message. */
      readonly counted: number;
    }
  | { readonly kind: 'netstring' }
  | EncodedFraming;

/** A framing that encodes messages, so that they do not contain the byte that ends them. A frame without a byte is not a message. */
export type EncodedFraming =
  | { readonly kind: 'cobs' }
  | {
      /** SLIP, whose frames begin with `end`, or not at all; and messages between `start` and another `end`. */
      readonly kind: 'escaped';
      readonly start: number;
      readonly end: number;
      /** Inside a message, `escapeByte` and one of `codes` replace the byte at the same place of `special`. */
      readonly escapeByte: number;
      readonly special: Uint8Array;
      readonly codes: Uint8Array;
    };

/** What a TLS program needs. Paths are empty where the configuration names none. */
export interface ProgramTls {
  readonly verify: boolean;
  /** The name that the peer's certificate must have. */
  readonly serverName: string;
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
  readonly clientCertificate: 'none' | 'request' | 'require';
}

/** What a server does with each message. */
export type ProgramAnswer =
  | { readonly kind: 'echo' }
  | { readonly kind: 'silent' }
  | { readonly kind: 'reply'; readonly bytes: Uint8Array };

/** How the bytes of a payload were made, where a program does not make them itself. */
export interface PayloadOrigin {
  /** They are what a template was rendered to. */
  readonly template?: boolean | undefined;
  /** The spelling of the checksum that they end with. It contains no text of the user's. */
  readonly checksum?: string | undefined;
}

/** Everything that a language needs to write a program. */
export interface Program {
  readonly side: 'client' | 'server';
  readonly transport: 'tcp' | 'tls' | 'udp' | 'local';
  /** A literal address or a name, without brackets. */
  readonly host: string;
  readonly port: number;
  /** The path of a local socket. */
  readonly path: string;
  readonly isIpv6: boolean;
  readonly backlog: number;
  readonly maxMessage: number;
  /** The spelling of the framing, for a comment. It contains no text of the user's. */
  readonly framingName: string;
  readonly framing: ProgramFraming;
  /** What a client sends; undefined: nothing. */
  readonly payload: Uint8Array | undefined;
  readonly origin: PayloadOrigin;
  readonly answer: ProgramAnswer;
  readonly tls: ProgramTls | undefined;
}

/** One programming language: `catalogue.ts` lists them. */
export interface Language {
  readonly label: string;
  readonly extension: string;
  /** The name of the file without its extension; `Client` and `Server` where the language wants capitals. */
  readonly capital?: true;
  readonly transports: readonly Program['transport'][];
  /** Why the other transports are not supported, as a hint. */
  readonly missing: string;
  /** The framings that its programs do not implement. */
  readonly lacks?: readonly ProgramFraming['kind'][];
  /** Returns why the language cannot do what the program needs; `undefined` if it can. */
  readonly refuse?: (program: Program) => string | undefined;
  /** Returns an expression of the language whose value is exactly these bytes. */
  literal(bytes: Uint8Array): string;
  write(program: Program): string;
}

/** What `generateCode` returns. */
export type GeneratedCode = Result<{ readonly text: string; readonly fileName: string }>;

/**
 * Joins the parts of a program with empty lines between them; leaves out parts that do not apply. Every line ends with a line
 * feed.
 */
export function joinParts(...parts: readonly (string | false | undefined)[]): string {
  const used = parts.filter((part) => typeof part === 'string' && part.trim() !== '') as string[];
  return `${used.map((part) => part.replace(/^\n+|\s+$/g, '')).join('\n\n')}\n`;
}

/** Indents each line of `text` that is not empty. */
export function indent(text: string, by: string): string {
  return text.replace(/^(?=.)/gm, by);
}

/** The number of seconds that a generated client waits for a reply. */
export const replySeconds = 5;

/**
 * Returns what the comment at the top says of the framing, and on further lines how the bytes of the payload were made. `prefix` begins a
 * line of the comment.
 */
export function headComment(program: Program, prefix: string): string {
  const lines = [framingComment(program)];
  const { template = false, checksum } = program.origin;
  if (template) lines.push('The payload is a template that was rendered once: every run sends these bytes.');
  if (checksum !== undefined) lines.push(`The payload ends with its checksum, ${checksum}, as fixed bytes.`);
  return lines.join(`\n${prefix}`);
}

function framingComment({ transport, framing, framingName }: Program): string {
  if (transport === 'udp') return 'One datagram is one message.';
  if (framing.kind !== 'raw') return `Framing: ${framingName}.`;
  if (!framing.prepared) return 'No framing: recv() may return a part of a message or several messages.';
  return `This program does not split the stream by the framing ${framingName}: it prints each read. What it sends contains the framing.`;
}
