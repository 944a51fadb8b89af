import type { ClientConfig, ServerConfig } from '#shared/endpoint/endpoint-config.ts';
import type { FailureCode } from '#shared/failure.ts';
import type { Address } from '#shared/socket/address.ts';
import type { CallFailure } from '../failures.ts';

/** One address that was tried, and how it failed. */
export interface Attempt {
  readonly address: Address;
  readonly failure: CallFailure;
}

/** An endpoint that could not be opened. `failure` is the one to explain, `attempts` are those of each address. */
export type Trouble = {
  readonly failure: CallFailure;
  readonly attempts: readonly Attempt[];
} & (
  | { readonly role: 'server'; readonly config: ServerConfig }
  | { readonly role: 'client'; readonly config: ClientConfig }
);

/** The finding of a case. Without `code`, the code of the catalogue applies. */
export interface Finding {
  readonly code?: FailureCode;
  /** The cause, where it is known, and the next step: one sentence or two short ones. */
  readonly hint: string;
  readonly freePort?: number | undefined;
}

/** The result of the doctor. */
export interface Diagnosis {
  readonly code: FailureCode;
  readonly hint: string;
  /** The checks that were made and their results, one sentence each. */
  readonly checks: string[];
  readonly freePort?: number;
  readonly certificate?: { readonly subject: string; readonly issuer: string; readonly fingerprint: string };
}

/** Determines why something failed. Never throws, never changes anything. */
export type Diagnose = (trouble: Trouble) => Promise<Diagnosis>;
