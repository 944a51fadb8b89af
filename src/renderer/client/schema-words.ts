import type { z } from 'zod';

/** What a schema says of a value, in a person's words where it has only its own. */
export function schemaWords(issue: z.core.$ZodIssue): string {
  if (issue.code === 'too_small' && issue.message.startsWith('Too small')) return `at least ${issue.minimum}`;
  if (issue.code === 'too_big' && issue.message.startsWith('Too big')) return `at most ${issue.maximum}`;
  if (issue.code === 'invalid_type' && issue.expected === 'number') return 'a whole number is needed';
  return issue.message;
}
