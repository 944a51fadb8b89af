// Runs before each test file of the component tests, which share a process and its document.
import './dom-stand-ins.ts';
import './worker-stand-in.ts';
import { cleanup, configure } from '@testing-library/react';
import { afterEach, vi } from 'vitest';
import { resetMonaco } from './fake-monaco.ts';
import { emptyTopLayer } from './top-layer.ts';

// What is waited for comes immediately, but for a machine that is busy with something else.
configure({ asyncUtilTimeout: 20_000 });

afterEach(() => {
  vi.useRealTimers();
  cleanup();
  emptyTopLayer();
  resetMonaco();
  localStorage.clear();
  sessionStorage.clear();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});
