import { FolderOpen, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { referenceName } from '#shared/contract/file-reference.ts';
import { pickFile } from '../../client/pick-file.ts';
import { useServices } from '../../client/use-services.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import styles from './options-panel.module.css';

interface FileOptionProps {
  readonly label: string;
  readonly help?: ReactNode;
  /** The reference of the file; empty: none is selected. */
  readonly value: string;
  readonly error: string | undefined;
  readonly disabled: boolean;
  /** What holds without a file. */
  readonly placeholder?: string | undefined;
  readonly onChange: (reference: string) => void;
}

/** A file that is selected in the host's dialog, or in the browser's: shown by its name, never typed. */
export function FileOption({ label, value, disabled, onChange, ...rest }: FileOptionProps) {
  const services = useServices();
  const choose = async () => {
    const file = await pickFile(services, label);
    if (file) onChange(file.handle);
  };
  return (
    <div className={styles.file}>
      <TextField label={label} mono readOnly disabled={disabled} value={referenceName(value)} {...rest} />
      <Button disabled={disabled} aria-label={`Choose ${label}`} onClick={() => void choose()}>
        <FolderOpen size={14} aria-hidden /> Choose…
      </Button>
      {value === '' ? null : (
        <IconButton label={`Clear ${label}`} disabled={disabled} onClick={() => onChange('')}>
          <X size={14} aria-hidden />
        </IconButton>
      )}
    </div>
  );
}
