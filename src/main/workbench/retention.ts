import type { SettingsFile } from './settings.ts';
import type { StoredSessions } from './stored-sessions.ts';

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
