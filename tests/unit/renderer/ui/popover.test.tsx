import { screen } from '@testing-library/react';
import { useRef, useState } from 'react';
import { describe, expect, test, vi } from 'vitest';
import { renderAlone } from '#support/render.tsx';
import { ContextMenu, Menu, type MenuItem } from '../../../../src/renderer/ui/popover.tsx';

function items() {
  const [first, last] = [vi.fn(), vi.fn()];
  const list: MenuItem[] = [
    { id: 'none', label: 'Unavailable', disabled: true, run: vi.fn() },
    { id: 'close', label: 'Close', detail: 'FIN', run: first },
    { id: 'reset', label: 'Reset', detail: 'RST', danger: true, ruled: true, run: last },
  ];
  return { list, first, last };
}

function Opener({ list }: { readonly list: readonly MenuItem[] }) {
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" ref={anchor} onClick={() => setOpen(true)}>
        Open
      </button>
      <p>Elsewhere</p>
      <Menu open={open} onClose={() => setOpen(false)} anchor={anchor} label="Actions" items={list} />
    </>
  );
}

async function openMenu() {
  const made = items();
  const user = renderAlone(<Opener list={made.list} />);
  await user.click(screen.getByRole('button', { name: 'Open' }));
  return { ...made, user };
}

const focused = () => document.activeElement?.textContent;

describe('a menu', () => {
  test('does not exist until it is opened', () => {
    renderAlone(<Opener list={items().list} />);
    expect(screen.queryByRole('menu')).toBeNull();
  });

  test('gives the focus to the first item that can be done', async () => {
    await openMenu();
    expect(screen.getByRole('menu', { name: 'Actions' })).toBeTruthy();
    expect(focused()).toBe('CloseFIN');
  });

  test('moves with arrow keys, Home and End, round its ends and past what is disabled', async () => {
    const { user } = await openMenu();
    await user.keyboard('{ArrowDown}');
    expect(focused()).toBe('ResetRST');
    await user.keyboard('{ArrowDown}');
    expect(focused()).toBe('CloseFIN');
    await user.keyboard('{ArrowUp}');
    expect(focused()).toBe('ResetRST');
    await user.keyboard('{Home}');
    expect(focused()).toBe('CloseFIN');
    await user.keyboard('{End}');
    expect(focused()).toBe('ResetRST');
  });

  test('does what was chosen once and closes, and the focus is back at what opened it', async () => {
    const { user, last } = await openMenu();
    await user.keyboard('{End}{Enter}');
    expect(last).toHaveBeenCalledOnce();
    expect(screen.queryByRole('menu')).toBeNull();
    expect(focused()).toBe('Open');
  });

  test('closes with Escape and does nothing', async () => {
    const { user, first } = await openMenu();
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('menu')).toBeNull();
    expect(focused()).toBe('Open');
    expect(first).not.toHaveBeenCalled();
  });

  test('closes with a click beside it', async () => {
    const { user } = await openMenu();
    await user.click(screen.getByText('Elsewhere'));
    expect(screen.queryByRole('menu')).toBeNull();
  });
});

test('a context menu is open as soon as it is there, and says when it is closed', async () => {
  const [closed, made] = [vi.fn(), items()];
  const user = renderAlone(<ContextMenu label="Record" items={made.list} x={3} y={4} onClose={closed} />);
  await user.click(screen.getByRole('menuitem', { name: /Close/ }));
  expect(closed).toHaveBeenCalledOnce();
  expect(made.first).toHaveBeenCalledOnce();
});
