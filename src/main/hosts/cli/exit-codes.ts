/** Exit codes: success; the command failed (refused, reset, expectation unmet); usage error. */
export const exitCodes = { done: 0, failed: 1, usage: 2 } as const;
