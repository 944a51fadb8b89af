import { join } from 'node:path';
import { readRegularFile } from '#files/regular-file.ts';
import { replaceFile } from '#files/replace-file.ts';
import { defaultSettings, type Settings, settingsSchema } from '#shared/contract/models.ts';
import { fail, ok, type Result } from '#shared/failure.ts';
import type { StoredSessions } from './stored-sessions.ts';

/** A longer file was not written by Wirebench. Bytes. */
const maxFileBytes = 16 * 1_048_576;

/** The page's settings, in `settings.json` of the app's folder. An invalid file is ignored. */
export class SettingsFile {
  readonly #path: string;
  #settings: Promise<Settings> | undefined;
  #writing: Promise<unknown> = Promise.resolve();

  constructor(home: string) {
    this.#path = join(home, 'settings.json');
  }

  get(): Promise<Settings> {
    this.#settings ??= this.#read();
    return this.#settings;
  }

  async set(change: Partial<Settings>): Promise<Result<Settings>> {
    // Each change builds on the previous one, also while that still waits for the file to be read.
    this.#settings = this.get().then((before) => ({ ...before, ...change }));
    const settings = await this.#settings;
    // One write after another, so that the last change wins.
    const written = this.#writing.then(() => replaceFile(this.#path, `${JSON.stringify(settings, undefined, 2)}\n`));
    this.#writing = written.catch(() => {});
    try {
      await written;
      return ok(settings);
    } catch (error) {
      const system = error instanceof Error ? error.message : String(error);
      return fail('file', 'Could not save the settings', {
        system,
        hint: 'Check the folder that Wirebench writes to.',
      });
    }
  }

  async #read(): Promise<Settings> {
    try {
      // A setting that an older version did not have gets its default.
      const saved: unknown = JSON.parse((await readRegularFile(this.#path, maxFileBytes)).toString());
      const parsed = settingsSchema.safeParse({ ...defaultSettings, ...Object(saved) });
      return parsed.success ? parsed.data : defaultSettings;
    } catch {
      return defaultSettings;
    }
  }
}

/** The delay of the first check after the start, so that it does not slow the start. */
const firstLookMs = 5_000;
/** The maximum time by which it may delay closing. */
const lastLookMs = 500;

/** Applies the settings' limits to the folder of sessions: some time after the start, and when the session ends. */
export class Retention {
  readonly #stored: Pick<StoredSessions, 'retain'>;
  readonly #settings: Pick<SettingsFile, 'get'>;
  readonly #ending = new AbortController();
  readonly #timer: NodeJS.Timeout;
  /** One check at a time. */
  #looking: Promise<unknown> = Promise.resolve();

  constructor(stored: Pick<StoredSessions, 'retain'>, settings: Pick<SettingsFile, 'get'>) {
    this.#stored = stored;
    this.#settings = settings;
    this.#timer = setTimeout(() => void this.look(), firstLookMs);
    this.#timer.unref();
  }

  /** Deletes what is beyond the limits now; returns the paths of the deleted sessions. */
  look(signal = this.#ending.signal): Promise<string[]> {
    const looking = this.#looking.then(async () => {
      const { retention } = await this.#settings.get();
      return this.#stored.retain(retention, signal);
    });
    this.#looking = looking.catch(() => []);
    return looking;
  }

  /** Runs the last check, when the session has ended. Takes half a second at most. */
  async end(): Promise<void> {
    clearTimeout(this.#timer);
    this.#ending.abort();
    await this.look(AbortSignal.timeout(lastLookMs));
  }
}
