import type { SettingsFile } from './settings.ts';
import type { StoredSessions } from './stored-sessions.ts';

/** How long after the start the first look is taken: nothing at the start may wait for it. */
const firstLookMs = 5_000;
/** How much longer closing may take for it. */
const lastLookMs = 500;

/** Keeps the folder of sessions within the settings' limits: some time after the start, and when the session ends. */
export class Retention {
  readonly #stored: Pick<StoredSessions, 'retain'>;
  readonly #settings: Pick<SettingsFile, 'get'>;
  readonly #ending = new AbortController();
  readonly #timer: NodeJS.Timeout;
  /** One look after the other. */
  #looking: Promise<unknown> = Promise.resolve();

  constructor(stored: Pick<StoredSessions, 'retain'>, settings: Pick<SettingsFile, 'get'>) {
    this.#stored = stored;
    this.#settings = settings;
    this.#timer = setTimeout(() => void this.look(), firstLookMs);
    this.#timer.unref();
  }

  /** Deletes what is beyond the limits now; gives the paths of what went. */
  look(signal = this.#ending.signal): Promise<string[]> {
    const looking = this.#looking.then(async () => {
      const { retention } = await this.#settings.get();
      return this.#stored.retain(retention, signal);
    });
    this.#looking = looking.catch(() => []);
    return looking;
  }

  /** The last look, when the session has ended. Takes half a second at most. */
  async end(): Promise<void> {
    clearTimeout(this.#timer);
    this.#ending.abort();
    await this.look(AbortSignal.timeout(lastLookMs));
  }
}
