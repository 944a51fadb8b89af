import type { ClientConfig, ServerConfig } from '#shared/contract/endpoint-config.ts';
import type { Failure, FailureCode } from '#shared/contract/failure.ts';
import type { Address } from '#shared/socket/event.ts';
import type { CallFailure } from '../driver.ts';

/** What failed, and where. `attempts`: the addresses of a client's host that were tried, with what each answered. */
export interface Trouble {
  readonly role: 'server' | 'client';
  readonly config: ServerConfig | ClientConfig;
  readonly failure: CallFailure;
  readonly attempts: readonly { readonly address: Address; readonly failure: CallFailure }[];
}

/** What was found out about it. */
export interface Diagnosis {
  readonly code?: FailureCode | undefined;
  /** The cause and the next step, in one plain sentence or two short ones. */
  readonly hint: string;
  /** What was looked at and what was found, a sentence each. */
  readonly checks: string[];
  readonly freePort?: number | undefined;
  readonly certificate?: Failure['certificate'];
}

/** Finds out why something failed. Never throws, never changes anything. */
export type Diagnose = (trouble: Trouble) => Promise<Diagnosis | undefined>;
