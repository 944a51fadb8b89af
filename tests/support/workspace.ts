import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Workspace, type WorkspaceOptions } from '#workspace/workspace.ts';
import { answerOf } from './session.ts';

/** A folder with a workspace, and the workspaces that are open in it. `await using` closes and removes them. */
export class TestWorkspace implements AsyncDisposable {
  readonly base = realpathSync(mkdtempSync(join(tmpdir(), 'wirebench-workspace-')));
  /** The folder of the workspace; other things may be put beside it. */
  readonly folder = join(this.base, 'team');
  readonly #open: Workspace[] = [];

  /** Puts files there by their paths and texts, beside a `wirebench.yaml`. */
  constructor(files: Readonly<Record<string, string>> = {}) {
    mkdirSync(this.folder);
    for (const [path, text] of Object.entries({ 'wirebench.yaml': 'name: team\n', ...files })) this.put(path, text);
  }

  /** Returns the absolute path of `path` in the workspace. */
  file(path: string): string {
    return join(this.folder, path);
  }

  /** Writes a file as an editor does: not atomically. */
  put(path: string, text: string): void {
    mkdirSync(dirname(this.file(path)), { recursive: true });
    writeFileSync(this.file(path), text);
  }

  async open(options: WorkspaceOptions = {}): Promise<Workspace> {
    const workspace = answerOf(await Workspace.open(this.folder, options));
    this.#open.push(workspace);
    return workspace;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const workspace of this.#open) await workspace.close();
    rmSync(this.base, { recursive: true, force: true });
  }
}

/** Reads a document as text with its version. */
export async function textOf(workspace: Workspace, path: string): Promise<{ text: string; version: string }> {
  const { bytes, version } = answerOf(await workspace.read(path));
  return { text: Buffer.from(bytes).toString(), version };
}
