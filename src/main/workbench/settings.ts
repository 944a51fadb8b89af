import { join } from 'node:path';
import { readRegularFile } from '#files/regular-file.ts';
import { replaceFile } from '#files/replace-file.ts';
import { defaultSettings, type Settings, settingsSchema } from '#shared/contract/models.ts';
import { fail, ok, type Result } from '#shared/failure.ts';

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
