import {
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import styles from './menu.module.css';
import { Popover } from './popover.tsx';
import { classes } from './text.ts';

export interface MenuItem {
  readonly id: string;
  readonly label: string;
  readonly detail?: string | undefined;
  readonly icon?: ReactNode;
  readonly disabled?: boolean;
  readonly danger?: boolean;
  /** Draws a separator above it. */
  readonly ruled?: boolean;
  readonly run: () => void;
}

interface MenuProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly anchor: RefObject<HTMLElement | null>;
  readonly align?: 'start' | 'end';
  readonly label: string;
  readonly items: readonly MenuItem[];
}

/** A list of actions, with arrow keys, Home and End. */
export function Menu({ open, onClose, anchor, align = 'start', label, items }: MenuProps) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (open) list.current?.querySelector<HTMLButtonElement>('button:enabled')?.focus();
  }, [open]);

  const move = (event: KeyboardEvent) => {
    const buttons = [...(list.current?.querySelectorAll<HTMLButtonElement>('button:enabled') ?? [])];
    const at = buttons.findIndex((button) => button.matches(':focus'));
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (to === undefined || buttons.length === 0) return;
    event.preventDefault();
    buttons[(to + buttons.length) % buttons.length]?.focus();
  };

  return (
    <Popover open={open} onClose={onClose} anchor={anchor} align={align} label={label} role="menu">
      <div ref={list} className={styles.menu} onKeyDown={move} role="none">
        {items.map((item) => (
          <button
            key={item.id}
            type="button"
            role="menuitem"
            className={classes(styles.item, item.danger && styles.danger, item.ruled && styles.ruled)}
            disabled={item.disabled}
            onClick={() => {
              onClose();
              item.run();
            }}
          >
            {item.icon}
            <span className={styles.label}>{item.label}</span>
            {item.detail ? <span className={styles.detail}>{item.detail}</span> : null}
          </button>
        ))}
      </div>
    </Popover>
  );
}

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
