import { listProblems } from '#shared/payload/list-problems.ts';
import type { PayloadFormat } from '#shared/payload/payload.ts';
import type { Problem } from '#shared/payload/problem.ts';
import { looksLikePythonDict } from '#shared/payload/python.ts';

/** What is asked of a thread that checks payloads. */
export interface CheckRequest {
  readonly format: PayloadFormat;
  readonly text: string;
}

export interface PayloadCheck {
  /** In the order of the text. */
  readonly list: readonly Problem[];
  /** The text is Python, and can be converted to JSON. */
  readonly isPython: boolean;
}

/** Lists what is wrong with a payload. Loads the strict XML parser: import this module when it is needed. */
export function checkPayload({ format, text }: CheckRequest): PayloadCheck {
  const list = listProblems(format, text);
  const hasError = list.some(({ severity }) => severity === 'error');
  return { list, isPython: format === 'json' && hasError && looksLikePythonDict(text) };
}
