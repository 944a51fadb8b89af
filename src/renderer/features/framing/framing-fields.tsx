import type { FramingField, FramingForm } from '../../client/framing-form.ts';
import { framingParameters } from '../../client/framing-form.ts';
import { framingItems } from '../../client/framing-search.ts';
import { wordsOf } from '../../client/framing-words.ts';
import type { FormOption } from '../../client/options/option.ts';
import { formOptions } from '../../client/options/options.ts';
import type { ReframeScope } from '../../client/reframe-command.ts';
import { OptionField } from '../../ui/option-field.tsx';
import { SearchButton } from '../../ui/search-button.tsx';
import styles from './framing.module.css';
import { GuessFraming } from './guess-framing.tsx';
import { strings } from './strings.ts';

interface FramingFieldsProps {
  readonly form: FramingForm;
  readonly errors: Readonly<Partial<Record<FramingField, string>>>;
  readonly onChange: (change: Partial<FramingForm>) => void;
  /** The session and the streams that a framing can be guessed from. */
  readonly recorded?: { readonly session: string; readonly scope: ReframeScope } | undefined;
}

/** A framing with its parameters: the same options as in an endpoint's form. */
export function FramingFields({ form, errors, onChange, recorded }: FramingFieldsProps) {
  const wanted = ['framing', ...framingParameters[form.framing]];
  const options = formOptions.filter(({ field }) => wanted.includes(field));
  return (
    <div className={styles.fields}>
      <div className={styles.find}>
        {strings.fields.find}
        <SearchButton label={strings.fields.search} items={framingItems} onSelect={({ change }) => onChange(change)} />
      </div>
      {/* The key discards guesses for other streams. */}
      {recorded ? <GuessFraming key={recorded.scope.kind} {...recorded} onSelect={onChange} /> : null}
      {options.map((option) => (
        <FramingOption key={option.field} option={option} form={form} errors={errors} onChange={onChange} />
      ))}
    </div>
  );
}

function FramingOption({ option, form, errors, onChange }: FramingFieldsProps & { readonly option: FormOption }) {
  const { label, help, kind, choices } = option;
  const field = option.field as FramingField;
  if (kind === 'file' || kind === 'payload') return null;
  return (
    <OptionField
      label={label}
      help={field === 'framing' ? wordsOf(form.framing).help : help}
      kind={kind}
      choices={choices}
      value={form[field]}
      error={errors[field]}
      onChange={(value) => onChange({ [field]: value })}
    />
  );
}
