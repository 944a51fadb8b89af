import { renderHook, waitFor } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { quickLength } from '../../../../../src/renderer/features/composer/payload-threads.ts';
import { useProblems } from '../../../../../src/renderer/features/composer/problems.tsx';

const long = (end: string) => `["${'a'.repeat(quickLength)}"${end}`;

test('a short text is checked immediately', async () => {
  const { result, rerender } = renderHook(({ text }) => useProblems('json', text), { initialProps: { text: '[1]' } });
  await waitFor(() => expect(result.current).toMatchObject({ isChecked: true, list: [] }));
  rerender({ text: '[1' });
  expect(result.current).toMatchObject({ isChecked: true, list: [{ severity: 'error' }] });
});

test('a long text is checked when nothing more is typed, and what was found before is not shown of it meanwhile', async () => {
  const { result, rerender } = renderHook(({ text }) => useProblems('json', text), {
    initialProps: { text: long('') },
  });
  await waitFor(() => expect(result.current).toMatchObject({ isChecked: true, list: [{ severity: 'error' }] }));
  for (const end of [',', ',1', ',1]']) {
    rerender({ text: long(end) });
    expect(result.current).toMatchObject({ isChecked: false, list: [] });
  }
  await waitFor(() => expect(result.current).toMatchObject({ isChecked: true, list: [] }));
});

test('the check of a long text ends when the text changes', async () => {
  const running = new Set<string>();
  class SlowWorker extends EventTarget {
    #text = '';
    postMessage({ text }: { readonly text: string }): void {
      this.#text = text;
      running.add(text);
    }
    terminate(): void {
      running.delete(this.#text);
    }
  }
  vi.stubGlobal('Worker', SlowWorker);
  const { rerender, unmount } = renderHook(({ text }) => useProblems('json', text), {
    initialProps: { text: long('') },
  });
  await waitFor(() => expect([...running]).toEqual([long('')]));
  rerender({ text: long(']') });
  await waitFor(() => expect([...running]).toEqual([long(']')]));
  unmount();
  expect(running.size).toBe(0);
});
