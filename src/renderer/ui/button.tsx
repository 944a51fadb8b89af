import { Check, Copy, X } from 'lucide-react';
import { type ButtonHTMLAttributes, type ReactNode, type Ref, useEffect, useState } from 'react';
import styles from './button.module.css';
import { classes } from './text.ts';

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly variant?: 'primary' | 'plain' | 'ghost' | 'danger';
  readonly small?: boolean;
  readonly ref?: Ref<HTMLButtonElement>;
}

export function Button({ variant = 'plain', small = false, className, type, ...rest }: ButtonProps) {
  const look = variant === 'ghost' ? undefined : styles[variant];
  return (
    <button
      type={type ?? 'button'}
      className={classes(styles.button, look, small && styles.small, className)}
      {...rest}
    />
  );
}

interface IconButtonProps extends Omit<ButtonProps, 'aria-label' | 'title'> {
  /** The accessible name and, with the shortcut, the tooltip. */
  readonly label: string;
  readonly hint?: string | undefined;
  readonly children: ReactNode;
}

/** A button with only an icon. */
export function IconButton({ label, hint, variant = 'ghost', className, ...rest }: IconButtonProps) {
  return (
    <Button
      variant={variant}
      aria-label={label}
      title={hint ? `${label} (${hint})` : label}
      className={classes(styles.icon, className)}
      {...rest}
    />
  );
}

/**
 * Copies `text` to the clipboard and returns whether that succeeded. If the page has no permission for the asynchronous clipboard
 * (the desktop app, a page in the background), copies a selection instead, which a user's click allows.
 */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelection(text);
  }
}

function copySelection(text: string): boolean {
  const focused = document.activeElement;
  // Inside an open dialog: elements outside it cannot have the focus.
  const place = focused?.closest('dialog') ?? document.body;
  const field = document.createElement('textarea');
  field.value = text;
  field.readOnly = true;
  field.setAttribute('aria-hidden', 'true');
  field.style.position = 'fixed';
  field.style.opacity = '0';
  place.append(field);
  // Only a focused selection is copied, and not every browser's select() takes the focus.
  field.focus();
  field.select();
  try {
    return document.execCommand('copy');
  } catch {
    return false;
  } finally {
    field.remove();
    if (focused instanceof HTMLElement) focused.focus();
  }
}

interface CopyButtonProps {
  readonly label: string;
  readonly text: string | (() => string);
  /** Shows the label beside the icon. */
  readonly shown?: boolean;
}

/** Copies `text` and briefly shows whether that succeeded. */
export function CopyButton({ label, text, shown = false }: CopyButtonProps) {
  const [outcome, setOutcome] = useState<'copied' | 'refused'>();
  useEffect(() => {
    if (!outcome) return;
    const timer = setTimeout(() => setOutcome(undefined), outcome === 'copied' ? 1_200 : 4_000);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = async () => {
    const isCopied = await copyText(typeof text === 'string' ? text : text());
    setOutcome(isCopied ? 'copied' : 'refused');
  };
  const said = outcome === 'copied' ? 'Copied' : outcome === 'refused' ? 'Copying failed' : label;
  const icon =
    outcome === 'copied' ? (
      <Check size={14} aria-hidden />
    ) : outcome === 'refused' ? (
      <X size={14} aria-hidden />
    ) : (
      <Copy size={14} aria-hidden />
    );
  if (shown || outcome === 'refused') {
    return (
      <Button small onClick={() => void copy()}>
        {outcome ? icon : null} <span aria-live="polite">{said}</span>
      </Button>
    );
  }
  return (
    <IconButton label={said} small onClick={() => void copy()}>
      {icon}
    </IconButton>
  );
}
