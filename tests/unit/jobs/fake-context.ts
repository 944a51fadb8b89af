import type { JobContext, ReplyWatch } from '#jobs/job.ts';
import { fail, ok } from '#shared/failure.ts';
import { FakeClock, FakeSender } from './fake-sender.ts';

const refused = () => Promise.reject(new Error('the test did not expect this'));

/** What jobs work with, where nothing happens: one endpoint `e1` whose sockets are open. */
export function fakeContext(change: Partial<JobContext> = {}): JobContext {
  return {
    sender: new FakeSender(new FakeClock()),
    senderOf: refused,
    sockets: { endpointOf: () => 'e1', canSend: () => true, received: () => 0, receiveEnd: () => undefined },
    replies: { watch: refused },
    links: { open: refused, close: refused },
    lists: { open: refused },
    fileOf: () => ok(''),
    changed: () => {},
    ...change,
  };
}

/** Replies that arrive when the test says so, by their filters. */
export class FakeReplies {
  /** What was done with the watches, in order: `begin ok`, `end ok`. */
  readonly log: string[] = [];
  /** The filters that are invalid. */
  readonly invalid = new Set<string>();
  readonly #arrived = new Set<string>();
  readonly #waiting = new Map<string, () => void>();

  async watch(_endpoint: string, filter: string) {
    if (this.invalid.has(filter)) return fail('bad-input', 'Invalid filter');
    const watch: ReplyWatch = {
      begin: async () => {
        this.#arrived.delete(filter);
        this.log.push(`begin ${filter}`);
      },
      received: (signal) =>
        new Promise((resolve) => {
          if (this.#arrived.has(filter)) resolve();
          this.#waiting.set(filter, resolve);
          signal.addEventListener('abort', () => resolve());
        }),
      records: async () => (this.#arrived.has(filter) ? { first: 7, last: 9 } : undefined),
      end: () => this.log.push(`end ${filter}`),
    };
    return ok(watch);
  }

  /** A matching message arrives. `quietly`: it is recorded, and nobody is notified. */
  reply(filter: string, quietly = false): void {
    this.#arrived.add(filter);
    if (!quietly) this.#waiting.get(filter)?.();
  }
}
