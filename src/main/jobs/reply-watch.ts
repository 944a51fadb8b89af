import type { Result } from '#shared/failure.ts';

/** Waits for messages that answer the messages of a job. */
export interface ReplyWatch {
  /** Resolves when everything received until now no longer counts as a reply to the next message. */
  begin(): Promise<void>;
  /** Resolves when a matching message has been received since `begin`, or at `signal`. */
  received(signal: AbortSignal): Promise<void>;
  end(): void;
}

/** What jobs need of the session that is being recorded. */
export interface Replies {
  /** Watches for messages that `endpoint` receives and `filter` matches. Fails with `bad-input` if the filter is invalid. */
  watch(endpoint: string, filter: string): Promise<Result<ReplyWatch>>;
}
