import { screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { renderAlone } from '#support/render.tsx';
import { Button, IconButton } from '../../../../src/renderer/ui/button.tsx';

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
