import type { ReactNode } from 'react';
import { ExactTextField } from './exact-text-field.tsx';
import { AreaField, CheckField, SelectField, TextField } from './field.tsx';

interface OptionFieldProps {
  readonly label: string;
  readonly help: ReactNode;
  readonly kind: 'text' | 'number' | 'check' | 'choice' | 'area' | 'exact' | 'secret';
  readonly choices?: readonly { readonly value: string; readonly label: string }[] | undefined;
  readonly value: string | boolean;
  readonly error?: string | undefined;
  readonly disabled?: boolean | undefined;
  readonly placeholder?: string | undefined;
  readonly onChange: (value: string | boolean) => void;
  /** Called when the text is complete: the field lost the focus, or Enter was pressed. */
  readonly onDone?: (() => void) | undefined;
}

const none: NonNullable<OptionFieldProps['choices']> = [];

/** An option described by data: its name, its help and its control. */
export function OptionField(props: OptionFieldProps) {
  const { label, help, kind, choices, value, error, disabled, placeholder, onChange, onDone } = props;
  if (kind === 'check') {
    return <CheckField label={label} help={help} checked={value === true} disabled={disabled} onChange={onChange} />;
  }
  const text = String(value);
  const frame = { label, help, error, disabled, onChange };
  if (kind === 'choice') return <SelectField row {...frame} value={text} options={choices ?? none} />;
  if (kind === 'area') return <AreaField {...frame} value={text} onBlur={onDone} />;
  if (kind === 'exact') return <ExactTextField {...frame} value={text} onBlur={onDone} />;
  return (
    <TextField
      row
      {...frame}
      mono
      value={text}
      placeholder={placeholder}
      inputMode={kind === 'number' ? 'numeric' : undefined}
      onBlur={onDone}
      onKeyDown={(event) => {
        if (event.key === 'Enter') onDone?.();
      }}
      type={kind === 'secret' ? 'password' : 'text'}
    />
  );
}
