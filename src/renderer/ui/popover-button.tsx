import { type ComponentProps, type ReactNode, useRef, useState } from 'react';
import { Button } from './button.tsx';
import { Popover } from './popover.tsx';

interface PopoverButtonProps extends Omit<ComponentProps<typeof Button>, 'ref' | 'onClick'> {
  /** The accessible name of the panel. */
  readonly panelLabel: string;
  readonly align?: 'start' | 'end';
  /** The content of the panel; `close` closes it. */
  readonly panel: (close: () => void) => ReactNode;
}

/** A button that opens a panel below it. */
export function PopoverButton({ panelLabel, align = 'start', panel, ...button }: PopoverButtonProps) {
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const close = () => setOpen(false);
  return (
    <>
      <Button {...button} ref={anchor} aria-haspopup="dialog" aria-expanded={open} onClick={() => setOpen(true)} />
      <Popover open={open} onClose={close} anchor={anchor} align={align} label={panelLabel}>
        {panel(close)}
      </Popover>
    </>
  );
}
