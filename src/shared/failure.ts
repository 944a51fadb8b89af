/** The codes of expected failures. The list is closed: a handler that fails in another way has a bug. */
export const failureCodes = [
  'bad-input',
  'unknown-call',
  'not-found',
  'wrong-state',
  'address-in-use',
  'address-not-available',
  'access-denied',
  'name-not-found',
  'refused',
  'unreachable',
  'timed-out',
  'reset',
  'closed',
  'aborted',
  'certificate',
  'wrong-protocol',
  'too-large',
  'cancelled',
  'file',
  'not-a-session',
  'unsupported',
  'disconnected',
  'internal',
] as const;

export type FailureCode = (typeof failureCodes)[number];

/** An expected failure, in the three parts that a user sees. It is a value and never thrown across a layer. */
export interface Failure {
  code: FailureCode;
  /** What was tried, as a sentence: “Could not listen on 127.0.0.1:80”. */
  message: string;
  /** What the system said: “bind(): EACCES (permission denied)”. Empty without a system call. */
  system: string;
  /** What to do next, as a sentence. */
  hint: string;
  /** A free port, if the problem is a port in use. */
  freePort?: number | undefined;
  /** What was examined to find the cause, and the findings: a sentence each. */
  checks?: string[] | undefined;
  /** The certificate that was not trusted, if trusting it is a solution. */
  certificate?: { subject: string; issuer: string; fingerprint: string } | undefined;
}

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: Failure };

export function ok<T>(value: T): Result<T> {
  return { ok: true, value };
}

/** The parts of a failure other than its code and its message. */
export type FailureParts = { readonly [Key in keyof Omit<Failure, 'code' | 'message'>]?: Failure[Key] | undefined };

export function fail(
  code: FailureCode,
  message: string,
  parts: FailureParts = {},
): { readonly ok: false; readonly error: Failure } {
  const { system = '', hint = '', freePort, checks, certificate } = parts;
  const error: Failure = { code, message, system, hint };
  if (freePort !== undefined) error.freePort = freePort;
  if (checks !== undefined && checks.length > 0) error.checks = checks;
  if (certificate !== undefined) error.certificate = certificate;
  return { ok: false, error };
}

/** Returns the parts of a failure as one text, for a terminal or a clipboard. */
export function failureText(error: Failure): string {
  return [`${error.message}.`, error.system && `${error.system}.`, error.hint].filter(Boolean).join(' ');
}
