import { hash } from 'node:crypto';
import fs from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { makePrivateFolder } from '#files/private-files.ts';
import { readRegularFile } from '#files/regular-file.ts';
import { replaceFile } from '#files/replace-file.ts';
import { type Failure, fail, ok, type Result } from '#shared/failure.ts';
import { attempt, errnoOf, workspaceFailure } from './folder-files.ts';

/** The secrets of a workspace. Values never leave the main process, and are in no failure. */
export interface SecretStore {
  /** How values are protected on the disk. */
  readonly protection: Protection;
  /** Returns the names of the secrets that have a value for the environment `env`, sorted. */
  names(env: string): Promise<Result<string[]>>;
  /** Sets a value, of at most 64 KiB. Fails with `bad-input`, `too-large` or `file`. */
  set(env: string, name: string, value: string): Promise<Result<void>>;
  /** Returns the value, for the main process only. Fails with `not-found`, with `unsupported` if this host cannot read it, or with `file`. */
  get(env: string, name: string): Promise<Result<string>>;
  remove(env: string, name: string): Promise<Result<void>>;
}

/** `file`: readable by the owner of the file. `key-store`: encrypted with a key that the system keeps for this user. */
type Protection = 'file' | 'key-store';

/** Turns a value into the bytes that are stored, and back. `open` throws if it cannot. */
export interface Sealer {
  readonly protection: Protection;
  seal(value: string): Uint8Array;
  open(sealed: Uint8Array): string;
}

/** Stores values as they are: the permissions of the file protect them. For hosts without a key store. */
export const plainSealer: Sealer = {
  protection: 'file',
  seal: (value) => Buffer.from(value),
  open: (sealed) => Buffer.from(sealed).toString(),
};

const maxValueBytes = 65_536;
const maxNameLength = 200;
const maxFileBytes = 1_048_576;
/** Files that are looked at for the names. */
const maxSecrets = 10_000;

const secretSchema = z.object({
  env: z.string().max(maxNameLength),
  name: z.string().max(maxNameLength),
  protection: z.enum(['file', 'key-store']),
  /** Base64. */
  sealed: z.string(),
});
type StoredSecret = z.infer<typeof secretSchema>;

/**
 * Secrets in the app's folder: `secrets/<workspace id>/`, mode 0600, one file for each so that two processes do not lose each
 * other's. The hosts share them: one without the key store reads only those that were set without it.
 */
export class FileSecretStore implements SecretStore {
  readonly #folder: string;
  readonly #sealer: Sealer;

  constructor(home: string, workspaceId: string, sealer: Sealer = plainSealer) {
    this.#folder = join(home, 'secrets', workspaceId);
    this.#sealer = sealer;
  }

  get protection(): Protection {
    return this.#sealer.protection;
  }

  async names(env: string): Promise<Result<string[]>> {
    return await attempt(`Could not list the secrets of “${env}”`, async () => {
      const files = filesIn(this.#folder).slice(0, maxSecrets);
      const secrets = await Promise.all(files.map((name) => readSecret(join(this.#folder, name))));
      return secrets.flatMap((it) => (it?.env === env ? [it.name] : [])).sort();
    });
  }

  async set(env: string, name: string, value: string): Promise<Result<void>> {
    const tried = `Could not set the secret “${name}” of “${env}”`;
    if (name === '' || name.length > maxNameLength || env.length > maxNameLength) {
      const system = `a name has 1 to ${maxNameLength} characters`;
      return fail('bad-input', tried, { system, hint: 'Use another name.' });
    }
    if (Buffer.byteLength(value) > maxValueBytes) {
      return fail('too-large', tried, {
        system: `the maximum is ${maxValueBytes} bytes`,
        hint: 'Use a shorter value.',
      });
    }
    let sealed: Uint8Array;
    try {
      sealed = this.#sealer.seal(value);
    } catch {
      // The message of the key store is not shown: it might contain the value.
      return { ok: false, error: keyStoreFailure(tried) };
    }
    const stored: StoredSecret = {
      env,
      name,
      protection: this.#sealer.protection,
      sealed: Buffer.from(sealed).toString('base64'),
    };
    return await attempt(tried, async () => {
      makePrivateFolder(this.#folder);
      await replaceFile(this.#pathOf(env, name), `${JSON.stringify(stored)}\n`);
    });
  }

  async get(env: string, name: string): Promise<Result<string>> {
    const tried = `Could not read the secret “${name}” of “${env}”`;
    const hint = 'Set the secret again.';
    const path = this.#pathOf(env, name);
    let stored: StoredSecret | undefined;
    try {
      if (!fs.existsSync(path)) return fail('not-found', tried, { system: 'it has no value on this machine', hint });
      stored = await readSecret(path);
    } catch (error) {
      return { ok: false, error: workspaceFailure(tried, error) };
    }
    if (stored?.env !== env || stored.name !== name)
      return fail('file', tried, { system: 'its file is damaged', hint });
    try {
      const bytes = Buffer.from(stored.sealed, 'base64');
      if (stored.protection === 'file') return ok(plainSealer.open(bytes));
      if (this.#sealer.protection === 'key-store') return ok(this.#sealer.open(bytes));
    } catch {
      return { ok: false, error: keyStoreFailure(tried) };
    }
    const system = 'it was set in the desktop app, and is encrypted with a key that only that app can use';
    return fail('unsupported', tried, {
      system,
      hint: 'Set the secret again here; the desktop app can read it then, too.',
    });
  }

  async remove(env: string, name: string): Promise<Result<void>> {
    return await attempt(`Could not remove the secret “${name}” of “${env}”`, () =>
      rm(this.#pathOf(env, name), { force: true }),
    );
  }

  #pathOf(env: string, name: string): string {
    return join(this.#folder, `${hash('sha256', JSON.stringify([env, name])).slice(0, 32)}.secret`);
  }
}

function keyStoreFailure(tried: string): Failure {
  const system = 'the key store of the system refused';
  return fail('access-denied', tried, { system, hint: 'Unlock the key store of this user, or set the secret again.' })
    .error;
}

function filesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder).filter((name) => name.endsWith('.secret'));
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Returns `undefined` for a damaged file, and for one that was just removed. Never throws text of the file. */
async function readSecret(path: string): Promise<StoredSecret | undefined> {
  let text: string;
  try {
    text = String(await readRegularFile(path, maxFileBytes));
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const parsed = secretSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
