import type { FailureCode } from '../failure.ts';

/** What is known of one error name. */
export interface Errno {
  readonly code: FailureCode;
  /** What the system means, in the words of POSIX's <errno.h>. */
  readonly text: string;
  /** What a person can do about it. */
  readonly hint: string;
}
