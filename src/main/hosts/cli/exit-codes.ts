/** How a command ends: done; the job failed (refused, reset, expectation unmet); wrong usage. */
export const exitCodes = { done: 0, failed: 1, usage: 2 } as const;
