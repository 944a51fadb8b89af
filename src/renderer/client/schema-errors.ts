import type { z } from 'zod';

/**
 * Short messages in place of zod's defaults, as the option `error` of a parse: zod uses them only for a check that has no message of its
 * own.
 */
export const shortErrors: z.core.$ZodErrorMap = (issue) => {
  if (issue.code === 'too_small') return `at least ${issue.minimum}`;
  if (issue.code === 'too_big') return `at most ${issue.maximum}`;
  if (issue.code === 'invalid_type' && issue.expected === 'number') return 'a whole number is required';
  return undefined;
};
