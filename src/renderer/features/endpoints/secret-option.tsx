import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../../ui/button.tsx';
import { OptionField } from '../../ui/option-field.tsx';
import styles from './options-panel.module.css';
import { strings } from './strings.ts';

interface SecretOptionProps {
  readonly label: string;
  readonly help: ReactNode;
  readonly value: string;
  readonly error: string | undefined;
  readonly disabled: boolean;
  /** A secret is set; its value is not known here. */
  readonly isSet: boolean;
  readonly onChange: (value: string | boolean) => void;
  readonly onDone: () => void;
  readonly onClear: () => void;
}

/** A secret: shows whether it is set, replaces or clears it. */
export function SecretOption({ label, isSet, onClear, disabled, ...rest }: SecretOptionProps) {
  return (
    <div className={styles.file}>
      <OptionField
        label={label}
        kind="secret"
        disabled={disabled}
        placeholder={isSet ? strings.options.secretSet : strings.options.secretNotSet}
        {...rest}
      />
      {isSet ? (
        <Button disabled={disabled} aria-label={strings.options.clearOf(label)} onClick={onClear}>
          <X size={14} aria-hidden /> {strings.options.clear}
        </Button>
      ) : null}
    </div>
  );
}
