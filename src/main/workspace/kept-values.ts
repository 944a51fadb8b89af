import { hash } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { makePrivateFolder } from '#files/private-files.ts';
import { readRegularFile } from '#files/regular-file.ts';
import { replaceFile } from '#files/replace-file.ts';
import { kindOfPath } from '#shared/document/catalogue.ts';
import type { KeptReference, KeptValue } from '#shared/document/document-kind.ts';
import { fail, ok, type Result } from '#shared/failure.ts';
import { attempt } from './folder-files.ts';
import type { SecretStore } from './secrets.ts';

/** Where the secrets of all endpoints are in the secret store: documents that name the same secret share it. */
const endpointSecrets = 'endpoints';
const maxPathBytes = 65_536;

const pathSchema = z.object({ name: z.string().max(200), path: z.string().max(4_096) });

/** Returns the name of an environment in the secret store, from its path in the workspace. A name there has at most 200 characters. */
export function secretScope(environment: string): string {
  return environment.length <= 200 ? environment : hash('sha256', environment);
}

/** Returns the `secretScope` of the environment at `path`. Fails with `bad-input` for another document. */
export function secretScopeOf(path: string): Result<string> {
  if (kindOfPath(path)?.kind === 'environment') return ok(secretScope(path));
  return fail('bad-input', `“${path}” has no secrets`, { system: 'it is not an environment', hint: 'Select one.' });
}

/**
 * What documents of endpoints name and do not contain: secrets, in the secret store; and the paths of files outside of the workspace, in
 * the app's folder: `workspaces/<id>/paths/`, one file for each, for its owner only.
 */
export class KeptValues {
  readonly #folder: string;
  readonly #secrets: SecretStore;

  constructor(home: string, workspaceId: string, secrets: SecretStore) {
    this.#folder = join(home, 'workspaces', workspaceId, 'paths');
    this.#secrets = secrets;
  }

  /** Returns a function that knows the values of `references` on this machine, as `DocumentContext.kept` needs it. */
  async lookUp(references: readonly KeptReference[]): Promise<(reference: KeptReference) => string | undefined> {
    const values = new Map<string, string>();
    for (const { kind, name } of references) {
      const value = kind === 'secret' ? await this.#secret(name) : await this.#path(name);
      if (value !== undefined) values.set(`${kind} ${name}`, value);
    }
    return ({ kind, name }) => values.get(`${kind} ${name}`);
  }

  /** Keeps `values`; resolves when they are on the disk. Fails as the secret store does, or with `file`. */
  async keep(values: readonly KeptValue[]): Promise<Result<void>> {
    for (const { kind, name, value } of values) {
      const kept =
        kind === 'secret' ? await this.#secrets.set(endpointSecrets, name, value) : await this.#keepPath(name, value);
      if (!kept.ok) return kept;
    }
    return ok(undefined);
  }

  async #secret(name: string): Promise<string | undefined> {
    const found = await this.#secrets.get(endpointSecrets, name);
    return found.ok ? found.value : undefined;
  }

  async #path(name: string): Promise<string | undefined> {
    try {
      const parsed = pathSchema.parse(JSON.parse(String(await readRegularFile(this.#fileOf(name), maxPathBytes))));
      return parsed.name === name ? parsed.path : undefined;
    } catch {
      // It is not known on this machine, or its file is damaged.
      return undefined;
    }
  }

  #keepPath(name: string, path: string): Promise<Result<void>> {
    return attempt(`Could not keep the path of “${name}”`, async () => {
      makePrivateFolder(this.#folder);
      await replaceFile(this.#fileOf(name), `${JSON.stringify({ name, path })}\n`);
    });
  }

  #fileOf(name: string): string {
    return join(this.#folder, `${hash('sha256', name).slice(0, 32)}.json`);
  }
}
