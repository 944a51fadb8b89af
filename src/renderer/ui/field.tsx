import {
  type ChangeEvent,
  type ClipboardEvent,
  type InputHTMLAttributes,
  type ReactNode,
  type Ref,
  type SelectHTMLAttributes,
  useId,
} from 'react';
import styles from './field.module.css';
import { classes } from './text.ts';

interface FieldProps {
  readonly label: string;
  /** Hides the label; screen readers still read it. */
  readonly hideLabel?: boolean;
  /** One line of explanation. */
  readonly help?: ReactNode;
  readonly error?: string | undefined;
  /** Places the control beside its label and help, not below. */
  readonly row?: boolean | undefined;
  readonly className?: string | undefined;
}

function useField({ help, error }: FieldProps) {
  const id = useId();
  const described = [help ? `${id}-help` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ');
  return {
    id,
    aria: { 'aria-invalid': error ? true : undefined, 'aria-describedby': described || undefined },
  } as const;
}

function Frame({ id, field, children }: { id: string; field: FieldProps; children: ReactNode }) {
  const { label, hideLabel, help, error, row, className } = field;
  return (
    <div className={classes(styles.field, row && styles.row, className)}>
      {hideLabel ? null : (
        <label className={styles.label} htmlFor={id}>
          {label}
        </label>
      )}
      {children}
      {error ? (
        <span id={`${id}-error`} className={styles.error} role="alert">
          {error}
        </span>
      ) : null}
      {help ? (
        <span id={`${id}-help`} className={styles.help}>
          {help}
        </span>
      ) : null}
    </div>
  );
}

type TextProps = FieldProps &
  Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange' | 'value'> & {
    readonly value: string;
    readonly onChange?: (value: string) => void;
    readonly mono?: boolean;
    readonly ref?: Ref<HTMLInputElement>;
  };

export function TextField(props: TextProps) {
  const { label, hideLabel, help, error, row, className, onChange, mono, ...rest } = props;
  const { id, aria } = useField(props);
  return (
    <Frame id={id} field={{ label, hideLabel: hideLabel ?? false, help, error, row, className }}>
      <input
        id={id}
        type="text"
        className={classes(styles.input, mono && styles.mono)}
        aria-label={hideLabel ? label : undefined}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => onChange?.(event.target.value)}
        {...aria}
        {...rest}
      />
    </Frame>
  );
}

type AreaProps = FieldProps & {
  readonly value: string;
  readonly onChange: (value: string, event: ChangeEvent<HTMLTextAreaElement>) => void;
  readonly disabled?: boolean | undefined;
  readonly onBlur?: (() => void) | undefined;
  readonly onPaste?: ((event: ClipboardEvent<HTMLTextAreaElement>) => void) | undefined;
};

/** A text of several lines. The browser converts its line ends to LF; `ExactTextField` keeps them. */
export function AreaField(props: AreaProps) {
  const { value, onChange, onBlur, onPaste, disabled, label, hideLabel } = props;
  const { id, aria } = useField(props);
  return (
    <Frame id={id} field={props}>
      <textarea
        id={id}
        className={classes(styles.input, styles.mono)}
        aria-label={hideLabel ? label : undefined}
        value={value}
        disabled={disabled}
        spellCheck={false}
        onChange={(event) => onChange(event.target.value, event)}
        onBlur={onBlur}
        onPaste={onPaste}
        {...aria}
      />
    </Frame>
  );
}

type SelectProps<Value extends string> = FieldProps &
  Omit<SelectHTMLAttributes<HTMLSelectElement>, 'onChange' | 'value'> & {
    readonly value: Value;
    readonly options: readonly { readonly value: Value; readonly label: string; readonly group?: string }[];
    readonly onChange: (value: Value) => void;
  };

export function SelectField<Value extends string>(props: SelectProps<Value>) {
  const { label, hideLabel, help, error, row, className, options, onChange, value, ...rest } = props;
  const { id, aria } = useField(props);
  return (
    <Frame id={id} field={{ label, hideLabel: hideLabel ?? false, help, error, row, className }}>
      <select
        id={id}
        className={styles.input}
        aria-label={hideLabel ? label : undefined}
        value={value}
        onChange={(event) => {
          const chosen = options.find((option) => option.value === event.target.value);
          if (chosen) onChange(chosen.value);
        }}
        {...aria}
        {...rest}
      >
        {optionElements(options)}
      </select>
    </Frame>
  );
}

/** Returns the option elements, grouped if they have a group. */
function optionElements(
  options: readonly { readonly value: string; readonly label: string; readonly group?: string }[],
): ReactNode {
  const groups = [...new Set(options.map(({ group }) => group))];
  return groups.map((group) => {
    const own = options
      .filter((option) => option.group === group)
      .map(({ value, label }) => (
        <option key={value} value={value}>
          {label}
        </option>
      ));
    return group === undefined ? (
      own
    ) : (
      <optgroup key={group} label={group}>
        {own}
      </optgroup>
    );
  });
}

interface CheckProps {
  readonly label: string;
  readonly help?: ReactNode;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly disabled?: boolean | undefined;
}

export function CheckField({ label, help, checked, onChange, disabled }: CheckProps) {
  const id = useId();
  return (
    <div className={styles.check}>
      <input
        id={id}
        type="checkbox"
        checked={checked}
        disabled={disabled}
        aria-describedby={help ? `${id}-help` : undefined}
        onChange={(event) => onChange(event.target.checked)}
      />
      <label htmlFor={id}>{label}</label>
      {help ? (
        <span id={`${id}-help`} className={styles.help}>
          {help}
        </span>
      ) : null}
    </div>
  );
}

interface SearchFieldProps {
  /** The accessible name. */
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** The search of a section, in its heading. */
export function SearchField({ label, onChange, ...rest }: SearchFieldProps) {
  return (
    <input
      type="search"
      className={styles.search}
      aria-label={label}
      spellCheck={false}
      onChange={(event) => onChange(event.target.value)}
      {...rest}
    />
  );
}
