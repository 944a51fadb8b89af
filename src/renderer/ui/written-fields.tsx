import type { LineEnd } from '#shared/payload/line-ends.ts';
import { SelectField } from './field.tsx';

const lineEndLabels: Readonly<Record<LineEnd, string>> = { lf: 'LF', crlf: 'CRLF', cr: 'CR' };
const lineEndOptions = (['lf', 'crlf', 'cr'] as const).map((value) => ({ value, label: lineEndLabels[value] }));
const mixedOption = { value: 'mixed', label: 'Mixed' } as const;
const encodings = [
  { value: 'plain', label: 'UTF-8' },
  { value: 'marked', label: 'UTF-8 with BOM' },
] as const;

interface LineEndFieldProps {
  readonly value: LineEnd | 'mixed';
  /** Tooltip for mixed line ends. */
  readonly mixedTitle: string;
  readonly className?: string | undefined;
  readonly disabled?: boolean | undefined;
  readonly onChange: (lineEnd: LineEnd) => void;
  readonly onBlur?: (() => void) | undefined;
}

/** Shows and selects the line ends of a text. */
export function LineEndField({ value, mixedTitle, onChange, ...rest }: LineEndFieldProps) {
  return (
    <SelectField<LineEnd | 'mixed'>
      label="Line ends"
      hideLabel
      title={value === 'mixed' ? mixedTitle : 'Line ends of the payload'}
      value={value}
      options={value === 'mixed' ? [mixedOption, ...lineEndOptions] : lineEndOptions}
      onChange={(next) => (next === 'mixed' ? undefined : onChange(next))}
      {...rest}
    />
  );
}

interface EncodingFieldProps {
  readonly hasMark: boolean;
  readonly className?: string | undefined;
  readonly disabled?: boolean | undefined;
  readonly onChange: (hasMark: boolean) => void;
  readonly onBlur?: (() => void) | undefined;
}

/** Shows and selects whether a text begins with a byte order mark. */
export function EncodingField({ hasMark, onChange, ...rest }: EncodingFieldProps) {
  return (
    <SelectField
      label="Encoding"
      hideLabel
      title="Encoding, with or without a byte order mark (EF BB BF)"
      value={hasMark ? 'marked' : 'plain'}
      options={encodings}
      onChange={(next) => onChange(next === 'marked')}
      {...rest}
    />
  );
}
