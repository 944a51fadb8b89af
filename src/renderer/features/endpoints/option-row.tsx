import { FolderOpen, X } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { referenceName, referencePrefixes } from '#shared/contract/file-reference.ts';
import type { SystemOption } from '#shared/contract/models.ts';
import type { FormOption } from '../../state/options.ts';
import { pickFile } from '../../state/pick-file.ts';
import { useServices } from '../../state/services.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { OptionField } from '../../ui/option-field.tsx';
import styles from './options-panel.module.css';
import { strings } from './strings.ts';

interface FileOptionProps {
  readonly label: string;
  readonly help?: ReactNode;
  /** The reference of the file; empty if no file is selected. */
  readonly value: string;
  readonly error: string | undefined;
  readonly disabled: boolean;
  /** Shown if no file is selected. */
  readonly placeholder?: string | undefined;
  readonly onChange: (reference: string) => void;
}

/** A file, selected in the host's or the browser's file dialog and shown by its name. */
function FileOption({ label, value, disabled, onChange, ...rest }: FileOptionProps) {
  const services = useServices();
  const select = async () => {
    const file = await pickFile(services, label);
    if (file) onChange(file.handle);
  };
  return (
    <div className={styles.file}>
      <TextField label={label} mono readOnly disabled={disabled} value={referenceName(value)} {...rest} />
      <Button disabled={disabled} aria-label={strings.options.selectFileOf(label)} onClick={() => void select()}>
        <FolderOpen size={14} aria-hidden /> {strings.options.selectFile}
      </Button>
      {value === '' ? null : (
        <IconButton label={strings.options.clearOf(label)} disabled={disabled} onClick={() => onChange('')}>
          <X size={14} aria-hidden />
        </IconButton>
      )}
    </div>
  );
}

interface PayloadOptionProps {
  readonly label: string;
  readonly help: ReactNode;
  readonly value: string;
  readonly error: string | undefined;
  readonly disabled: boolean;
  readonly onChange: (reference: string) => void;
}

const own = 'own file';

/** Selects a sample that ships with Wirebench, or a file. */
function PayloadOption({ label, help, value, error, disabled, onChange }: PayloadOptionProps) {
  const { client } = useServices();
  const [samples, setSamples] = useState<readonly string[]>([]);
  useEffect(() => {
    void client.call('samples.list', {}).then((result) => {
      if (result.ok) setSamples(result.value.map(({ name }) => name));
    });
  }, [client]);
  const sample = samples.find((name) => value === referencePrefixes.sample + name);
  const files = [
    ...samples.map((name) => ({ value: name, label: name })),
    { value: own, label: strings.options.ownFile },
  ];
  return (
    <>
      <SelectField
        row
        label={label}
        value={sample ?? own}
        options={files}
        disabled={disabled}
        help={help}
        onChange={(name) => onChange(name === own ? '' : referencePrefixes.sample + name)}
      />
      {sample === undefined ? (
        <FileOption
          label={strings.options.ownFile}
          value={value}
          error={error}
          disabled={disabled}
          onChange={onChange}
        />
      ) : null}
    </>
  );
}

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
function SecretOption({ label, isSet, onClear, disabled, ...rest }: SecretOptionProps) {
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
