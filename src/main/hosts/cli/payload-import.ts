import fs from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { readRegularFile } from '#files/regular-file.ts';
import { fileNameOf, freePath } from '#shared/document/document-path.ts';
import {
  documentsInCommands,
  documentsInFile,
  type Imported,
  maxImported,
  newDocuments,
  tooMany,
} from '#shared/document/import.ts';
import { endpointKind } from '#shared/document/kinds/endpoint.ts';
import { metaPathOf, payloadOfMeta } from '#shared/document/kinds/payload.ts';
import { type Failure, fail, type Result } from '#shared/failure.ts';
import { type CommandWorkspace, type WorkspaceChoice, withWorkspace } from './command-workspace.ts';
import { maxPayloadBytes, unreadable } from './input.ts';
import { countOf, Output, reportFailure } from './output.ts';

export interface ImportOptions extends WorkspaceChoice {
  /** Command lines of nc, ncat and socat. */
  readonly command?: readonly string[];
}

/**
 * Runs `wirebench payload import`: creates payloads and endpoints from files, folders and command lines, and prints the path of each. No
 * document is replaced: a name that exists gets a number. Reports what cannot be imported, and continues; the exit code is then 1.
 */
export function importPayloads(files: readonly string[], { command = [], ...choice }: ImportOptions): Promise<number> {
  return withWorkspace(
    choice,
    async (open) => {
      const run = new Import(open, files);
      for (const file of files) await run.file(file, '');
      for (const line of command) await run.command(line);
      const written = await run.output.finish();
      if (run.failed === 0) return written;
      return fail('file', `${countOf(run.failed, 'entry').replace('entrys', 'entries')} could not be imported`, {
        hint: run.created > 0 ? 'The others are in the workspace.' : 'Nothing was imported.',
      });
    },
    true,
  );
}

/** One import into a workspace. */
class Import {
  readonly output = new Output();
  failed = 0;
  created = 0;
  #files = 0;
  readonly #open: CommandWorkspace;
  /** The files that were imported, or that are named and will be. */
  readonly #known: Set<string>;
  readonly #isNew = newDocuments();

  constructor(open: CommandWorkspace, files: readonly string[]) {
    this.#open = open;
    this.#known = new Set(files.map((file) => resolve(file)));
  }

  /** Imports a file, or the files of a folder with their folders. Links and hidden files in folders are left out. */
  async file(path: string, folder: string): Promise<void> {
    this.#files += 1;
    if (this.#files > maxImported) {
      if (this.#files === maxImported + 1) this.#refuse(tooMany(path));
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
      // A meta file is imported with the payload beside it.
      const payload = payloadOfMeta(path);
      if (payload !== undefined && this.#known.has(resolve(payload))) return;
      this.#known.add(resolve(path));
      const bytes = await readRegularFile(path, maxPayloadBytes);
      const metaPath = metaPathOf(path);
      const hasMeta = fs.lstatSync(metaPath, { throwIfNoEntry: false })?.isFile() === true;
      const meta = hasMeta ? await readRegularFile(metaPath, maxPayloadBytes) : undefined;
      await this.#documents(documentsInFile(folder + basename(path), bytes, 'payloads', meta));
    } catch (error) {
      const failed = unreadable(path, error);
      if (!failed.ok) this.#refuse(failed.error);
    }
  }

  /** Imports a command line of nc, ncat or socat. */
  async command(line: string): Promise<void> {
    await this.#documents(documentsInCommands(line, 'payloads', false));
  }

  async #documents({ documents, problems }: Imported): Promise<void> {
    for (const problem of problems) this.#refuse(problem);
    for (const document of documents.filter(this.#isNew)) {
      const { path, ending } = document;
      if (document.kind === 'payload') {
        const written = await this.#write(path, document.bytes, ending);
        if (document.meta && written !== undefined) await this.#write(metaPathOf(written), document.meta);
        continue;
      }
      const { config } = document;
      const written = endpointKind.stringify({ config, references: [] }, undefined, { path });
      if (written.ok) await this.#write(path, Buffer.from(written.value.content), ending);
      else this.#refuse(written.error);
    }
  }

  /** Writes a new document; with its `ending`, under a free name. Returns its path; `undefined` after a failure, which is reported. */
  async #write(path: string, bytes: Uint8Array, ending?: string): Promise<string | undefined> {
    const taken = this.#open.workspace.list().map((entry) => entry.path);
    const free = ending === undefined ? path : freePath(path, taken, ending);
    const saved = await this.#open.workspace.write(free, bytes, 'new');
    const done: Result<unknown> =
      saved.ok && saved.value.kind !== 'saved'
        ? fail('wrong-state', `“${free}” exists`, { hint: 'Import it again.' })
        : saved;
    if (!done.ok) {
      this.#refuse(done.error);
      return undefined;
    }
    this.created += 1;
    this.output.write(`${free}\n`);
    return free;
  }

  #refuse(error: Failure): void {
    this.failed += 1;
    reportFailure(error);
  }
}
