import fs from 'node:fs';
import { basename, extname, join } from 'node:path';
import { readRegularFile } from '#files/regular-file.ts';
import { decodeUtf8 } from '#shared/bytes/text.ts';
import { fileNameOf, freePath } from '#shared/document/document-path.ts';
import { endpointKind } from '#shared/document/kinds/endpoint.ts';
import { payloadEndings } from '#shared/document/kinds/payload.ts';
import { type ImportedEntry, parsePackets } from '#shared/document/packet-sender.ts';
import { parseSocketCommand } from '#shared/document/socket-command.ts';
import type { EndpointConfig } from '#shared/endpoint/endpoint-config.ts';
import { type Failure, fail, ok, type Result } from '#shared/failure.ts';
import { guessPayload } from '#shared/payload/payload.ts';
import { type CommandWorkspace, type WorkspaceChoice, withWorkspace } from './command-workspace.ts';
import { maxPayloadBytes, unreadable } from './input.ts';
import { countOf, Output, reportFailure } from './output.ts';

export interface ImportOptions extends WorkspaceChoice {
  /** Command lines of nc, ncat and socat. */
  readonly command?: readonly string[];
}

/** Files of one import. */
const maxFiles = 10_000;

/**
 * Runs `wirebench payload import`: creates payloads and endpoints from files, folders and command lines, and prints the path of each. No
 * document is replaced: a name that exists gets a number. Reports what cannot be imported, and continues; the exit code is then 1.
 */
export function importPayloads(files: readonly string[], { command = [], ...choice }: ImportOptions): Promise<number> {
  return withWorkspace(
    choice,
    async (open) => {
      const run = new Import(open);
      for (const file of files) await run.file(file, '');
      for (const line of command) await run.command(line);
      await run.output.finish();
      if (files.length + command.length === 0) {
        return fail('bad-input', 'Nothing was imported', {
          system: 'no file was named',
          hint: 'Name a file or a folder.',
        });
      }
      if (run.failed === 0) return ok(undefined);
      return fail('file', `${countOf(run.failed, 'entry').replace('entrys', 'entries')} could not be imported`, {
        hint: 'The others are in the workspace.',
      });
    },
    true,
  );
}

/** One import into a workspace. */
class Import {
  readonly output = new Output();
  failed = 0;
  #files = 0;
  readonly #open: CommandWorkspace;
  /** The endpoints that this import has created, by their address. */
  readonly #endpoints = new Set<string>();

  constructor(open: CommandWorkspace) {
    this.#open = open;
  }

  /** Imports a file, or the files of a folder with their folders. Links and hidden files in folders are left out. */
  async file(path: string, folder: string): Promise<void> {
    this.#files += 1;
    if (this.#files > maxFiles) {
      if (this.#files === maxFiles + 1) this.#refuse(tooMany(path));
      return;
    }
    try {
      if (fs.statSync(path).isDirectory()) {
        const entries = fs.readdirSync(path, { withFileTypes: true }).filter(({ name }) => !name.startsWith('.'));
        const inside = `${folder}${fileNameOf(basename(path))}/`;
        for (const entry of entries.sort((one, other) => (one.name < other.name ? -1 : 1))) {
          if (entry.isFile() || entry.isDirectory()) await this.file(join(path, entry.name), inside);
        }
        return;
      }
      await this.#content(path, folder, await readRegularFile(path, maxPayloadBytes));
    } catch (error) {
      const failed = unreadable(path, error);
      if (!failed.ok) this.#refuse(failed.error);
    }
  }

  async command(line: string): Promise<void> {
    const parsed = parseSocketCommand(line);
    if (parsed.ok) await this.#entry(parsed.value, '');
    else this.#refuse(parsed.error);
  }

  async #content(path: string, folder: string, bytes: Uint8Array): Promise<void> {
    const ending = extname(path).toLowerCase();
    const text = /^\.(?:ini|json|sh)$/.test(ending) ? decodeUtf8(bytes) : undefined;
    if (text !== undefined && ending === '.sh') {
      for (const line of text.split(/\r?\n/))
        if (/\b(?:nc|ncat|netcat|socat)\b/.test(line) && !/^\s*#/.test(line)) await this.command(line);
      return;
    }
    const packets = text === undefined ? undefined : parsePackets(text);
    if (packets) {
      for (const problem of packets.problems) {
        this.#refuse(fail('bad-input', `Could not import all of ${path}`, { system: problem }).error);
      }
      for (const entry of packets.entries) await this.#entry(entry, folder);
      return;
    }
    const known = Object.hasOwn(payloadEndings, ending);
    const name = basename(path, extname(path));
    await this.#payload(`${folder}${fileNameOf(name)}`, bytes, known ? ending : endingOf(bytes));
  }

  async #entry({ name, bytes, endpoint }: ImportedEntry, folder: string): Promise<void> {
    if (bytes) {
      // Bytes that are text are easier to edit as text.
      const ending = endingOf(bytes);
      await this.#payload(`${folder}${fileNameOf(name)}`, bytes, ending);
    }
    if (endpoint) await this.#endpoint(endpoint);
  }

  #payload(stem: string, bytes: Uint8Array, ending: string): Promise<void> {
    return this.#write(`payloads/${stem}${ending}`, bytes, ending);
  }

  async #endpoint(config: EndpointConfig): Promise<void> {
    const { role, transport, host, port, path } = config;
    const address = transport === 'local' ? path : `${host}-${port}`;
    const key = `${role} ${transport} ${address}`;
    if (this.#endpoints.has(key)) return;
    this.#endpoints.add(key);
    const documentPath = `endpoints/${fileNameOf(address)}.yaml`;
    const written = endpointKind.stringify({ config, references: [] }, undefined, { path: documentPath });
    if (written.ok) await this.#write(documentPath, Buffer.from(written.value.content), '.yaml');
    else this.#refuse(written.error);
  }

  async #write(path: string, bytes: Uint8Array, ending: string): Promise<void> {
    const taken = this.#open.workspace.list().map((entry) => entry.path);
    const free = freePath(path, taken, ending);
    const saved = await this.#open.workspace.write(free, bytes, 'new');
    const done: Result<unknown> =
      saved.ok && saved.value.kind !== 'saved'
        ? fail('wrong-state', `“${free}” exists`, { hint: 'Import it again.' })
        : saved;
    if (done.ok) this.output.write(`${free}\n`);
    else this.#refuse(done.error);
  }

  #refuse(error: Failure): void {
    this.failed += 1;
    reportFailure(error);
  }
}

/** Returns the ending of a payload file by its content. */
function endingOf(bytes: Uint8Array): string {
  const { format } = guessPayload(bytes);
  if (format === 'hex') return '.bin';
  return format === 'text' ? '.txt' : `.${format}`;
}

function tooMany(path: string): Failure {
  const hint = 'Import fewer files at a time.';
  return fail('too-large', `Could not import ${path}`, { system: `there are more than ${maxFiles} files`, hint }).error;
}
