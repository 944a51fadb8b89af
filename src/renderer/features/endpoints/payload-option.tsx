import { type ReactNode, useEffect, useState } from 'react';
import { referencePrefixes } from '#shared/contract/file-reference.ts';
import { useServices } from '../../client/use-services.ts';
import { SelectField } from '../../ui/field.tsx';
import { FileOption } from './file-option.tsx';
import { strings } from './strings.ts';

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
export function PayloadOption({ label, help, value, error, disabled, onChange }: PayloadOptionProps) {
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
