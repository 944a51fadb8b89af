import { z } from 'zod';

/** Returns the message of an issue: the schema's, or a short one in place of zod's default. */
export function schemaWords(issue: z.core.$ZodIssue): string {
  if (issue.code === 'too_small' && hasDefaultMessage(issue)) return `at least ${issue.minimum}`;
  if (issue.code === 'too_big' && hasDefaultMessage(issue)) return `at most ${issue.maximum}`;
  if (issue.code === 'invalid_type' && issue.expected === 'number') return 'a whole number is required';
  return issue.message;
}

function hasDefaultMessage(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): boolean {
  const known = z.config().localeError?.({ ...issue, input: issue.input });
  return issue.message === (typeof known === 'string' ? known : known?.message);
}
