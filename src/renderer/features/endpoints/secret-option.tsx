import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../../ui/button.tsx';
import { OptionField } from '../../ui/option-field.tsx';
import styles from './options-panel.module.css';

interface SecretOptionProps {
  readonly label: string;
  readonly help: ReactNode;
  readonly value: string;
  readonly error: string | undefined;
  readonly disabled: boolean;
  /** One is set; which is not told. */
  readonly isSet: boolean;
  readonly onChange: (value: string | boolean) => void;
  readonly onDone: () => void;
  readonly onClear: () => void;
}

/** A secret: shows that one is set, takes another in its place, or clears it. */
export function SecretOption({ label, isSet, onClear, disabled, ...rest }: SecretOptionProps) {
  return (
    <div className={styles.file}>
      <OptionField
        label={label}
        kind="secret"
        disabled={disabled}
        placeholder={isSet ? 'set: type to replace it' : 'not set'}
        {...rest}
      />
      {isSet ? (
        <Button disabled={disabled} aria-label={`Clear ${label}`} onClick={onClear}>
          <X size={14} aria-hidden /> Clear
        </Button>
      ) : null}
    </div>
  );
}
