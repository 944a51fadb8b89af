import { join } from 'node:path';
import { z } from 'zod';
import { readRegularFile } from '#files/regular-file.ts';
import { replaceFile } from '#files/replace-file.ts';
import {
  type KeptPayload,
  keptPayloadSchema,
  maxKeptPayloads,
  type PayloadKey,
  payloadKeySchema,
  payloadKeyText,
} from '#shared/contract/payloads.ts';
import { fail, ok, type Result } from '#shared/failure.ts';

/** A longer file was not written by Wirebench. Bytes. */
const maxFileBytes = 128 * 1_048_576;
/** The maximum text of all payloads together, in UTF-16 units: each change writes the whole file. */
const maxTotalText = 4 * 1_048_576;

const entrySchema = z.object({ endpoint: payloadKeySchema, payload: keptPayloadSchema });
type Entry = z.infer<typeof entrySchema>;

/**
 * The last payloads written for endpoints, in `payloads.json` of the app's folder, which only its owner can
 * read. Ignores an invalid entry, and a file that is not ours. Keeps the newest entries.
 */
export class PayloadsFile {
  readonly #path: string;
  /** By key; the newest last. */
  #entries: Promise<Map<string, Entry>> | undefined;
  #writing: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  constructor(home: string) {
    this.#path = join(home, 'payloads.json');
  }

  /** Returns the last payload written for the endpoint `key`. */
  async get(key: PayloadKey): Promise<KeptPayload | undefined> {
    return (await this.#read()).get(payloadKeyText(key))?.payload;
  }

  /** Stores `payload` as the newest one, for the endpoint `key`. Resolves when it is in the file. */
  async keep(endpoint: PayloadKey, payload: KeptPayload): Promise<Result<Record<never, never>>> {
    const entries = await this.#read();
    const key = payloadKeyText(endpoint);
    entries.delete(key);
    entries.set(key, { endpoint, payload });
    dropOldest(entries);
    return this.#save();
  }

  /** Removes every payload. Resolves when the file is written. */
  async forget(): Promise<Result<Record<never, never>>> {
    (await this.#read()).clear();
    return this.#save();
  }

  /** Resolves when everything is in the file, or could not be written. */
  async end(): Promise<void> {
    await this.#next?.catch(() => {});
    await this.#writing.catch(() => {});
  }

  async #save(): Promise<Result<Record<never, never>>> {
    // One write at a time: changes made during a write share the next one.
    this.#next ??= this.#writing
      .catch(() => {})
      .then(() => {
        this.#next = undefined;
        this.#writing = this.#write();
        return this.#writing;
      });
    try {
      await this.#next;
      return ok({});
    } catch (error) {
      const system = error instanceof Error ? error.message : String(error);
      const hint = 'Check the folder that Wirebench writes to. The payload is kept until its tab is closed.';
      return fail('file', 'Could not store the payload for the next start', { system, hint });
    }
  }

  async #write(): Promise<void> {
    const payloads = [...(await this.#read()).values()].reverse();
    await replaceFile(this.#path, `${JSON.stringify({ version: 1, payloads }, undefined, 2)}\n`);
  }

  #read(): Promise<Map<string, Entry>> {
    this.#entries ??= readEntries(this.#path);
    return this.#entries;
  }
}

function dropOldest(entries: Map<string, Entry>): void {
  let total = 0;
  for (const { payload } of entries.values()) total += payload.text.length;
  for (const [key, { payload }] of entries) {
    if (entries.size <= maxKeptPayloads && total <= maxTotalText) return;
    total -= payload.text.length;
    entries.delete(key);
  }
}

async function readEntries(path: string): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  // In the file the newest is the first.
  for (const value of (await readList(path)).slice(0, maxKeptPayloads).reverse()) {
    const entry = entrySchema.safeParse(value);
    if (entry.success) entries.set(payloadKeyText(entry.data.endpoint), entry.data);
  }
  dropOldest(entries);
  return entries;
}

async function readList(path: string): Promise<unknown[]> {
  try {
    const saved: unknown = JSON.parse((await readRegularFile(path, maxFileBytes)).toString());
    const payloads: unknown = Reflect.get(Object(saved), 'payloads');
    return Array.isArray(payloads) ? payloads : [];
  } catch {
    return [];
  }
}
