import { act, fireEvent, screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { renderAlone } from '#support/render.tsx';
import { Button, CopyButton, IconButton } from '../../../../src/renderer/ui/button.tsx';

test('a button in a form does not submit it unless it says so', async () => {
  const submitted = vi.fn((event: { preventDefault(): void }) => event.preventDefault());
  const user = renderAlone(
    <form onSubmit={submitted}>
      <Button>Plain</Button>
      <Button type="submit">Submit</Button>
    </form>,
  );
  await user.click(screen.getByRole('button', { name: 'Plain' }));
  expect(submitted).not.toHaveBeenCalled();
  await user.click(screen.getByRole('button', { name: 'Submit' }));
  expect(submitted).toHaveBeenCalledOnce();
});

test('a disabled button cannot be clicked', async () => {
  const clicked = vi.fn();
  const user = renderAlone(
    <Button disabled onClick={clicked}>
      Send
    </Button>,
  );
  await user.click(screen.getByRole('button', { name: 'Send' }));
  expect(clicked).not.toHaveBeenCalled();
});

test('a button that is only an icon is named by its label, and its tooltip has the keys too', () => {
  renderAlone(
    <IconButton label="New tab" hint="Ctrl+T">
      <svg aria-hidden />
    </IconButton>,
  );
  expect(screen.getByRole('button', { name: 'New tab' }).title).toBe('New tab (Ctrl+T)');
});

/** A page that may not use the clipboard, as the desktop app's; `copies`: whether a copied selection works. */
function withoutClipboard(copies: boolean) {
  vi.spyOn(navigator.clipboard, 'writeText').mockRejectedValue(new Error('not allowed'));
  const copied: (string | undefined)[] = [];
  vi.spyOn(document, 'execCommand').mockImplementation(() => {
    const field = document.activeElement;
    copied.push(field instanceof HTMLTextAreaElement ? field.value : undefined);
    return copies;
  });
  return copied;
}

test('a copied text is on the clipboard, and the button says so', async () => {
  const user = renderAlone(<CopyButton label="Copy value" text="42" />);
  await user.click(screen.getByRole('button', { name: 'Copy value' }));
  await screen.findByRole('button', { name: 'Copied' });
  expect(await navigator.clipboard.readText()).toBe('42');
});

test('a text that is made when it is copied is made then', async () => {
  const make = vi.fn(() => 'made');
  const user = renderAlone(<CopyButton label="Copy" text={make} />);
  expect(make).not.toHaveBeenCalled();
  await user.click(screen.getByRole('button', { name: 'Copy' }));
  expect(await navigator.clipboard.readText()).toBe('made');
});

test('a button whose label is shown says there what it did', async () => {
  const user = renderAlone(<CopyButton label="Copy as Python" text="x" shown />);
  await user.click(screen.getByText('Copy as Python'));
  expect(await screen.findByText('Copied')).toBeTruthy();
});

test('where the clipboard is not allowed a selection is copied, and the focus stays', async () => {
  const user = renderAlone(<CopyButton label="Copy" text="by hand" />);
  const copied = withoutClipboard(true);
  await user.click(screen.getByRole('button', { name: 'Copy' }));
  const button = await screen.findByRole('button', { name: 'Copied' });
  expect(copied).toEqual(['by hand']);
  expect(document.activeElement).toBe(button);
  expect(document.querySelector('textarea')).toBeNull();
});

test('where nothing may copy the button says so in words', async () => {
  const user = renderAlone(<CopyButton label="Copy" text="x" />);
  withoutClipboard(false);
  await user.click(screen.getByRole('button', { name: 'Copy' }));
  expect((await screen.findByRole('button', { name: 'Copying failed' })).textContent).toContain('failed');
});

test('what it did is said for a moment only', async () => {
  renderAlone(<CopyButton label="Copy" text="x" />);
  vi.useFakeTimers();
  fireEvent.click(screen.getByRole('button', { name: 'Copy' }));
  await act(() => vi.advanceTimersByTimeAsync(0));
  expect(screen.getByRole('button', { name: 'Copied' })).toBeTruthy();
  await act(() => vi.runAllTimersAsync());
  expect(screen.getByRole('button', { name: 'Copy' })).toBeTruthy();
});
