import { screen } from '@testing-library/react';
import { beforeEach, expect, test, vi } from 'vitest';
import { renderAlone, renderPart } from '#support/render.tsx';
import { CrashPage, CrashPane, crashText, ErrorBoundary } from '../../../../src/renderer/app/crash-page.tsx';
import { fakeHost } from '../fake-services.ts';

// React reports each error that a boundary catches.
beforeEach(() => void vi.spyOn(console, 'error').mockImplementation(() => {}));

test('a part that throws is replaced, the rest stays, and it can be shown again', async () => {
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

test('the page shows the message of an error and where it was thrown', () => {
  const error = new Error('no such row');
  expect(crashText(error)).toBe(error.stack);
  error.stack = 'at part.tsx:1';
  expect(crashText(error)).toBe('Error: no such row\nat part.tsx:1');
  expect(crashText('a word')).toBe('a word');
});

/** A part with a bug, as long as `broken` says so, beside a part that works. */
function parts() {
  const bug = { broken: true };
  function Part() {
    if (bug.broken) throw new Error('a bug in this pane');
    return <p>the part works</p>;
  }
  const user = renderPart(
    fakeHost({}).services,
    <>
      <ErrorBoundary fallback={(error, retry) => <CrashPane error={error} onRetry={retry} />}>
        <Part />
      </ErrorBoundary>
      <p>the other part works</p>
    </>,
  );
  return { bug, user };
}

test('a crash in one part is shown in its place, and the others stay', () => {
  parts();
  expect(screen.getByRole('alert').textContent).toContain('a bug in this pane');
  screen.getByText('the other part works');
});

test('a part that crashed is tried again, and crashes again while it has its bug', async () => {
  const { bug, user } = parts();
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  screen.getByRole('alert');
  bug.broken = false;
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  expect(screen.queryByRole('alert')).toBeNull();
  screen.getByText('the part works');
});

test('the error is copied with its name and where it happened', async () => {
  const { user } = parts();
  await user.click(screen.getByRole('button', { name: 'Copy error' }));
  await screen.findByRole('button', { name: 'Copied' });
  expect(await navigator.clipboard.readText()).toMatch(/^Error: a bug in this pane\n\s+at /);
});

test('without the clipboard permission the error is copied as a selection', async () => {
  const { user } = parts();
  vi.spyOn(navigator.clipboard, 'writeText').mockRejectedValue(new Error('denied'));
  const copied: (string | undefined)[] = [];
  vi.spyOn(document, 'execCommand').mockImplementation(() => {
    copied.push(document.querySelector('textarea')?.value);
    return true;
  });
  await user.click(screen.getByRole('button', { name: 'Copy error' }));
  await screen.findByRole('button', { name: 'Copied' });
  expect(copied).toEqual([expect.stringContaining('a bug in this pane')]);
  expect(document.querySelector('textarea')).toBeNull();
});

test('the button says so where the system refuses to copy', async () => {
  const { user } = parts();
  vi.spyOn(navigator.clipboard, 'writeText').mockRejectedValue(new Error('denied'));
  await user.click(screen.getByRole('button', { name: 'Copy error' }));
  await screen.findByRole('button', { name: 'Copying failed' });
});

test('a page that cannot be drawn at all offers to reload', async () => {
  const reload = vi.spyOn(location, 'reload').mockImplementation(() => {});
  const user = renderPart(fakeHost({}).services, <CrashPage error="no error object" />);
  screen.getByText('no error object');
  await user.click(screen.getByRole('button', { name: 'Reload' }));
  expect(reload).toHaveBeenCalledOnce();
});
