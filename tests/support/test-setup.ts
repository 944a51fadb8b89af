// Runs before each test file of the unit and integration tests.
import fc from 'fast-check';
import { afterEach, vi } from 'vitest';
import { cases, usualCases } from './cases.ts';

fc.configureGlobal(cases(usualCases));

// Files share a process: what one leaves would reach the next.
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});
