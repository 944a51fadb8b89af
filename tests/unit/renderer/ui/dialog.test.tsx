import { screen } from '@testing-library/react';
import { useState } from 'react';
import { expect, test } from 'vitest';
import { renderAlone } from '#support/render.tsx';
import { Dialog } from '../../../../src/renderer/ui/dialog.tsx';

function Page({ withActions = true }) {
  const [open, setOpen] = useState(false);
  const close = () => setOpen(false);
  const actions = (
    <button type="button" onClick={close}>
      Cancel
    </button>
  );
  return (
    <>
      <button type="button" onClick={() => setOpen(true)}>
        Open
      </button>
      {open ? (
        <Dialog title="Rename" onClose={close} actions={withActions ? actions : undefined}>
          <input aria-label="Name" />
        </Dialog>
      ) : null}
    </>
  );
}

async function openDialog(page = <Page />) {
  const user = renderAlone(page);
  await user.click(screen.getByRole('button', { name: 'Open' }));
  return user;
}

test('a dialog is modal, named by its title, and takes the focus', async () => {
  await openDialog();
  const dialog = screen.getByRole<HTMLDialogElement>('dialog', { name: 'Rename' });
  expect(dialog.open).toBe(true);
  expect(document.activeElement).toBe(screen.getByLabelText('Name'));
});

test('Escape closes a dialog, and the focus is back where it was', async () => {
  const user = await openDialog();
  await user.keyboard('{Escape}');
  expect(screen.queryByRole('dialog')).toBeNull();
  expect(document.activeElement?.textContent).toBe('Open');
});

test('an action closes a dialog', async () => {
  const user = await openDialog();
  await user.click(screen.getByRole('button', { name: 'Cancel' }));
  expect(screen.queryByRole('dialog')).toBeNull();
});

test('a dialog may have no actions', async () => {
  await openDialog(<Page withActions={false} />);
  expect(screen.queryByRole('button', { name: 'Cancel' })).toBeNull();
});
