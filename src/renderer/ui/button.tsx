import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
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
