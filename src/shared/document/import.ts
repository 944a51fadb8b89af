import { decodeUtf8 } from '../bytes/text.ts';
import type { EndpointConfig } from '../endpoint/endpoint-config.ts';
import { type Failure, fail } from '../failure.ts';
import { guessPayload } from '../payload/payload.ts';
import { fileNameOf, parseDocumentPath } from './document-path.ts';
import { payloadEndings } from './kinds/payload.ts';
import { type ImportedEntry, parsePackets } from './packet-sender.ts';
import { parseSocketCommand } from './socket-command.ts';

/*
 * What an import makes of files and of command lines. The names may be taken: the caller finds free ones. No document is written here.
 */

/** The maximum number of files and commands of one import. */
export const maxImported = 10_000;

/** A document that an import creates, and the file or the command that it is from. */
export type ImportedDocument = {
  /** Its path in the workspace, which ends with `ending`. */
  readonly path: string;
  readonly ending: string;
  readonly source: string;
} /** `meta`: the content of its meta file, as it is. */ & (
  | { readonly kind: 'payload'; readonly bytes: Uint8Array; readonly meta?: Uint8Array | undefined }
  | { readonly kind: 'endpoint'; readonly config: EndpointConfig }
);

/** The documents of an import, and why others could not be read. */
export interface Imported {
  readonly documents: readonly ImportedDocument[];
  readonly problems: readonly Failure[];
}

/**
 * Returns the documents that a file becomes: the packets and endpoints of an export of Packet Sender, those of the commands in a shell
 * script (`.sh`), or else a payload with the bytes of the file.
 *
 * @param path the path of the file as the user selected it; its folders, with `/` between them, are kept
 * @param folder the folder of the workspace for payloads, such as `payloads/orders`
 * @param meta the content of the meta file beside it; it is used if the file becomes a payload
 */
export function documentsInFile(path: string, bytes: Uint8Array, folder: string, meta?: Uint8Array): Imported {
  const parts = path.split('/');
  const name = parts.pop() ?? '';
  const place = [folder, ...parts.map(fileNameOf)].join('/');
  const dot = name.lastIndexOf('.');
  const ending = dot > 0 ? name.slice(dot).toLowerCase() : '';
  const text = /^\.(?:ini|json|sh)$/.test(ending) ? decodeUtf8(bytes) : undefined;
  if (text !== undefined && ending === '.sh') return documentsInCommands(text, place);
  const packets = text === undefined ? undefined : parsePackets(text);
  if (packets) {
    const hint = 'The other packets are imported.';
    return imported(
      packets.entries.flatMap((entry) => documentsOf(entry, place, path)),
      packets.problems.map((system) => fail('bad-input', `Could not import all of ${path}`, { system, hint }).error),
    );
  }
  const known = Object.hasOwn(payloadEndings, ending);
  const stem = dot > 0 ? name.slice(0, dot) : name;
  const payload = payloadAt(`${place}/${fileNameOf(stem)}`, bytes, path, known ? ending : undefined);
  return imported([meta && payload.kind === 'payload' ? { ...payload, meta } : payload], []);
}

/** Leaves out the documents whose paths no workspace can have: those in too many folders. */
function imported(documents: readonly ImportedDocument[], problems: readonly Failure[]): Imported {
  const wrong = documents.flatMap(({ path }) => {
    const parsed = parseDocumentPath(path);
    return parsed.ok ? [] : [parsed.error];
  });
  return {
    documents: wrong.length === 0 ? documents : documents.filter(({ path }) => parseDocumentPath(path).ok),
    problems: [...problems, ...wrong],
  };
}

/**
 * Returns the payloads and endpoints of command lines of nc, ncat and socat: one per line. Empty lines, comments and, in a script, lines
 * without such a program are skipped; where `isScript` is false, these are problems.
 */
export function documentsInCommands(text: string, folder: string, isScript = true): Imported {
  const documents: ImportedDocument[] = [];
  const problems: Failure[] = [];
  for (const line of text.split(/\r?\n/)) {
    const isCommand = isScript ? /\b(?:nc|ncat|netcat|socat)\b/.test(line) : line.trim() !== '';
    if (!isCommand || /^\s*#/.test(line)) continue;
    if (documents.length + problems.length >= maxImported) {
      problems.push(tooMany(line.slice(0, 80)));
      break;
    }
    const parsed = parseSocketCommand(line);
    if (parsed.ok) documents.push(...documentsOf(parsed.value, folder, line.trim()));
    else problems.push(parsed.error);
  }
  return imported(documents, problems);
}

/** Returns a test for the documents of one import that is false for an endpoint that it was asked for before: packets often share one. */
export function newDocuments(): (document: ImportedDocument) => boolean {
  const known = new Set<string>();
  return (document) => {
    if (document.kind === 'payload') return true;
    const { role, transport } = document.config;
    const key = `${role} ${transport} ${addressOf(document.config)}`;
    const isNew = !known.has(key);
    known.add(key);
    return isNew;
  };
}

/** Returns the failure of a file or a command that is one too many. */
export function tooMany(name: string): Failure {
  const system = `there are more than ${maxImported} files or commands`;
  return fail('too-large', `Could not import ${name}`, { system, hint: 'Import fewer files at a time.' }).error;
}

function documentsOf({ name, bytes, endpoint }: ImportedEntry, folder: string, source: string): ImportedDocument[] {
  const documents: ImportedDocument[] = [];
  if (bytes) documents.push(payloadAt(`${folder}/${fileNameOf(name)}`, bytes, source));
  if (endpoint) {
    const path = `endpoints/${fileNameOf(addressOf(endpoint))}.yaml`;
    documents.push({ kind: 'endpoint', path, ending: '.yaml', config: endpoint, source });
  }
  return documents;
}

function addressOf({ transport, host, port, path }: EndpointConfig): string {
  return transport === 'local' ? path : `${host}-${port}`;
}

/** Returns a payload with the ending of its content. Bytes that are text are easier to edit as text. */
function payloadAt(stem: string, bytes: Uint8Array, source: string, ending = endingOf(bytes)): ImportedDocument {
  return { kind: 'payload', path: `${stem}${ending}`, ending, bytes, source };
}

/** Returns the ending of a payload's file by its content. */
function endingOf(bytes: Uint8Array): string {
  const { format } = guessPayload(bytes);
  if (format === 'hex') return '.bin';
  return format === 'text' ? '.txt' : `.${format}`;
}
