import type { SystemOption } from '#shared/contract/models.ts';
import type { FormOption } from '../../client/options/option.ts';
import { OptionField } from '../../ui/option-field.tsx';
import { FileOption } from './file-option.tsx';
import styles from './options-panel.module.css';
import { PayloadOption } from './payload-option.tsx';
import { SecretOption } from './secret-option.tsx';
import { strings } from './strings.ts';

interface OptionRowProps {
  readonly option: FormOption;
  readonly help: string;
  readonly value: string | boolean;
  readonly error: string | undefined;
  /** A secret that is set; its value is not known here. */
  readonly isSet: boolean;
  /** Cannot be changed while the socket exists. */
  readonly locked: boolean;
  /** The option on this system. */
  readonly system: SystemOption | undefined;
  readonly onChange: (value: string | boolean) => void;
  /** Called when the text is complete. */
  readonly onDone: () => void;
  /** Clears the secret that is set. */
  readonly onClear: () => void;
}

/** One option: its name, its help, its default on this system, and its control. */
export function OptionRow(props: OptionRowProps) {
  const { option, help, value, error, isSet, locked, system, onChange, onDone, onClear } = props;
  const { label, kind, choices, placeholder } = option;
  const isUnavailable = system !== undefined && system.unavailable !== '';
  const disabled = locked || (isUnavailable && value === false);
  const note = (
    <>
      {help}
      {system && !isUnavailable && system.value !== '' ? (
        <span className={styles.system}>{strings.options.default(system.value)}</span>
      ) : null}
      {isUnavailable ? (
        <span className={styles.unavailable}>{strings.options.unavailable(system.unavailable)}</span>
      ) : null}
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
