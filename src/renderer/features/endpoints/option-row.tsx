import type { SystemOption } from '#shared/contract/models.ts';
import type { FormOption } from '../../client/options/option.ts';
import { OptionField } from '../../ui/option-field.tsx';
import { FileOption } from './file-option.tsx';
import styles from './options-panel.module.css';
import { PayloadOption } from './payload-option.tsx';
import { SecretOption } from './secret-option.tsx';

interface OptionRowProps {
  readonly option: FormOption;
  readonly help: string;
  readonly value: string | boolean;
  readonly error: string | undefined;
  /** Of a secret: one is set, and is not shown. */
  readonly isSet: boolean;
  /** It was set when the socket was created. */
  readonly locked: boolean;
  /** What this system says of it. */
  readonly system: SystemOption | undefined;
  readonly onChange: (value: string | boolean) => void;
  /** Typing is finished. */
  readonly onDone: () => void;
  /** Clears the secret that is set. */
  readonly onClear: () => void;
}

/** One option: its name, a line of help, what holds here, and its control. */
export function OptionRow(props: OptionRowProps) {
  const { option, help, value, error, isSet, locked, system, onChange, onDone, onClear } = props;
  const { label, kind, choices, placeholder } = option;
  const isUnavailable = system !== undefined && system.unavailable !== '';
  const disabled = locked || (isUnavailable && value === false);
  const note = (
    <>
      {help}
      {system && !isUnavailable && system.value !== '' ? (
        <span className={styles.system}>Default: {system.value}</span>
      ) : null}
      {isUnavailable ? <span className={styles.unavailable}>Unavailable: {system.unavailable}</span> : null}
    </>
  );
  if (kind === 'payload') {
    return (
      <PayloadOption
        label={label}
        help={note}
        value={String(value)}
        error={error}
        disabled={disabled}
        onChange={onChange}
      />
    );
  }
  if (kind === 'file') {
    return (
      <FileOption
        label={label}
        help={note}
        value={String(value)}
        error={error}
        disabled={disabled}
        placeholder={placeholder}
        onChange={onChange}
      />
    );
  }
  if (kind === 'secret') {
    const own = { label, help: note, value: String(value), error, disabled, isSet };
    return <SecretOption {...own} onChange={onChange} onDone={onDone} onClear={onClear} />;
  }
  const control = { label, help: note, kind, choices, value, error, disabled, placeholder, onChange, onDone };
  return <OptionField {...control} />;
}
