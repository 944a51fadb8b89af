import { useLayoutEffect, useRef, useState } from 'react';
import { Menu, type MenuItem } from './menu.tsx';

interface ContextMenuProps {
  readonly label: string;
  readonly items: readonly MenuItem[];
  /** Position in the window, in pixels. */
  readonly x: number;
  readonly y: number;
  readonly onClose: () => void;
}

/** A menu at the pointer, open while it is mounted. */
export function ContextMenu({ label, items, x, y, onClose }: ContextMenuProps) {
  const anchor = useRef<HTMLSpanElement>(null);
  const [open, setOpen] = useState(false);
  // The menu is positioned when it opens, which requires the anchor.
  useLayoutEffect(() => setOpen(true), []);
  return (
    <>
      <span ref={anchor} aria-hidden style={{ position: 'fixed', left: x, top: y }} />
      <Menu open={open} onClose={onClose} anchor={anchor} label={label} items={items} />
    </>
  );
}
