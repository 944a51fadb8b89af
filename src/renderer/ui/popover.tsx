import {
  type ComponentProps,
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { Button } from './button.tsx';
import styles from './floating.module.css';
import { classes } from './text.ts';

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}
interface Size {
  readonly width: number;
  readonly height: number;
}

const gap = 4;
const margin = 8;

/** Returns the position of a panel of `size` in a window of `view`: below its anchor, or above if there is more room. Pixels. */
export function placeBelow(anchor: Box, size: Size, view: Size, align: 'start' | 'end') {
  const wanted = align === 'start' ? anchor.left : anchor.right - size.width;
  const left = Math.max(margin, Math.min(wanted, view.width - size.width - margin));
  const below = view.height - anchor.bottom - gap - margin;
  const above = anchor.top - gap - margin;
  if (size.height <= below || below >= above) return { left, top: anchor.bottom + gap, maxHeight: below };
  const maxHeight = above;
  return { left, top: anchor.top - gap - Math.min(size.height, above), maxHeight };
}

interface PopoverProps {
  readonly open: boolean;
  readonly onClose: () => void;
  /** The element it belongs to; the panel is placed below it, or above if there is no room. */
  readonly anchor: RefObject<HTMLElement | null>;
  readonly align?: 'start' | 'end';
  readonly label: string;
  readonly role?: 'dialog' | 'menu';
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

/** A panel over the page that closes on Escape or a click outside it. The focus returns to the element that opened it. */
export function Popover({ open, ...props }: PopoverProps) {
  return open ? <OpenPopover {...props} /> : null;
}

function OpenPopover(props: Omit<PopoverProps, 'open'>) {
  const { onClose, anchor, align = 'start', label, role = 'dialog', className, children } = props;
  const panel = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    const element = panel.current;
    const from = anchor.current;
    if (!element || !from) return;
    element.showPopover();
    const place = () => {
      const size = { width: element.offsetWidth, height: element.scrollHeight + 2 };
      const view = { width: window.innerWidth, height: window.innerHeight };
      const spot = placeBelow(from.getBoundingClientRect(), size, view, align);
      element.style.left = `${spot.left}px`;
      element.style.top = `${spot.top}px`;
      element.style.maxHeight = `${spot.maxHeight}px`;
    };
    place();
    const observer = new ResizeObserver(place);
    observer.observe(element);
    window.addEventListener('resize', place);
    return () => {
      observer.disconnect();
      window.removeEventListener('resize', place);
      // Hidden before it is removed from the page: otherwise the browser does not restore the focus.
      if (element.matches(':popover-open')) element.hidePopover();
    };
  }, [anchor, align]);

  useEffect(() => {
    const element = panel.current;
    if (!element) return;
    const toggled = (event: ToggleEvent) => {
      if (event.newState === 'closed') onClose();
    };
    element.addEventListener('toggle', toggled);
    return () => element.removeEventListener('toggle', toggled);
  }, [onClose]);

  const named = { role, 'aria-label': label };
  return (
    <div ref={panel} popover="auto" {...named} className={classes(styles.floating, styles.popover, className)}>
      {children}
    </div>
  );
}

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
