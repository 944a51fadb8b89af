import { type ReactNode, useEffect, useState } from 'react';
import { useServices } from '../../client/use-services.ts';
import { SelectField, TextField } from '../../ui/field.tsx';

interface PayloadOptionProps {
  readonly label: string;
  readonly help: ReactNode;
  readonly value: string;
  readonly error: string | undefined;
  readonly onChange: (path: string) => void;
  readonly onDone: () => void;
}

const own = 'own file';

/** A sample that ships with Wirebench, or a file of the user's. */
export function PayloadOption({ label, help, value, error, onChange, onDone }: PayloadOptionProps) {
  const { client } = useServices();
  const [samples, setSamples] = useState<readonly string[]>([]);
  useEffect(() => {
    void client.call('samples.list', {}).then((result) => {
      if (result.ok) setSamples(result.value.map(({ name }) => name));
    });
  }, [client]);
  const sample = samples.find((name) => value === `sample:${name}`);
  const files = [...samples.map((name) => ({ value: name, label: name })), { value: own, label: 'A file of mine' }];
  return (
    <>
      <SelectField
        row
        label={label}
        value={sample ?? own}
        options={files}
        help={help}
        onChange={(name) => onChange(name === own ? '' : `sample:${name}`)}
      />
      {sample === undefined ? (
        <TextField
          label="Path of the file"
          mono
          value={value}
          error={error}
          placeholder="/home/me/data.json"
          onChange={onChange}
          onBlur={onDone}
        />
      ) : null}
    </>
  );
}
