import { FolderOpen, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { referenceName } from '#shared/contract/file-reference.ts';
import { pickFile } from '../../client/pick-file.ts';
import { useServices } from '../../client/use-services.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
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
export function FileOption({ label, value, disabled, onChange, ...rest }: FileOptionProps) {
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
