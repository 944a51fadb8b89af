import { Ellipsis } from 'lucide-react';
import { type ComponentProps, type MouseEvent, useRef, useState } from 'react';
import { IconButton } from './button.tsx';
import { Menu, type MenuItem } from './popover.tsx';

interface RowMenuState {
  readonly isOpen: boolean;
  readonly setOpen: (isOpen: boolean) => void;
  /** Opens the menu in place of the browser's. */
  readonly onContextMenu: (event: MouseEvent) => void;
}

/** Returns the state of the menu of a row, which a click on its button and the context menu of the row open. */
export function useRowMenu(): RowMenuState {
  const [isOpen, setOpen] = useState(false);
  const onContextMenu = (event: MouseEvent) => {
    event.preventDefault();
    setOpen(true);
  };
  return { isOpen, setOpen, onContextMenu };
}

interface RowMenuProps extends Omit<ComponentProps<typeof IconButton>, 'ref' | 'onClick' | 'children'> {
  readonly state: RowMenuState;
  /** Returns the menu; called while it is open. */
  readonly items: () => readonly MenuItem[];
}

/** The button at the end of a row, with the menu that it opens. Both have the name `label`. */
export function RowMenu({ state: { isOpen, setOpen }, items, label, ...button }: RowMenuProps) {
  const anchor = useRef<HTMLButtonElement>(null);
  return (
    <>
      <IconButton {...button} ref={anchor} small label={label} onClick={() => setOpen(true)}>
        <Ellipsis size={14} aria-hidden />
      </IconButton>
      <Menu
        open={isOpen}
        onClose={() => setOpen(false)}
        anchor={anchor}
        align="end"
        label={label}
        items={isOpen ? items() : []}
      />
    </>
  );
}
