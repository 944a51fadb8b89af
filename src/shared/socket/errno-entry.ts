import type { FailureCode } from '../failure.ts';

/** What is known of one error name. */
export interface Errno {
  readonly code: FailureCode;
  /** The meaning, as POSIX's <errno.h> words it. */
  readonly text: string;
  /** What to do next. */
  readonly hint: string;
}
