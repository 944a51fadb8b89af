import { screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { renderAlone } from '#support/render.tsx';
import { crashText, ErrorBoundary } from '../../../../src/renderer/ui/error-boundary.tsx';

test('a part that throws is replaced, the rest stays, and it can be shown again', async () => {
  // React reports what a boundary caught.
  vi.spyOn(console, 'error').mockImplementation(() => {});
  let isBroken = true;
  function Part() {
    if (isBroken) throw new Error('no such row');
    return <p>The part</p>;
  }
  const user = renderAlone(
    <>
      <p>The rest</p>
      <ErrorBoundary
        fallback={(error, retry) => (
          <button type="button" onClick={retry}>
            {String(error)}
          </button>
        )}
      >
        <Part />
      </ErrorBoundary>
    </>,
  );
  const retry = screen.getByRole('button', { name: 'Error: no such row' });
  expect(screen.getByText('The rest')).toBeTruthy();
  isBroken = false;
  await user.click(retry);
  expect(screen.getByText('The part')).toBeTruthy();
});

test('what was thrown is told with its message and where it came from', () => {
  const error = new Error('no such row');
  expect(crashText(error)).toBe(error.stack);
  error.stack = 'at part.tsx:1';
  expect(crashText(error)).toBe('Error: no such row\nat part.tsx:1');
  expect(crashText('a word')).toBe('a word');
});
