import { useState } from 'react';
import { type ChecksumAlgorithm, type ChecksumForm, checksumForms } from '#shared/bytes/checksums/algorithm.ts';
import { checksums, findChecksum } from '#shared/bytes/checksums/catalogue.ts';
import { type ChecksumSpec, formatChecksumSpec, parseChecksumSpec } from '#shared/bytes/checksums/spec.ts';
import { changeDraft, type Draft } from '../../state/drafts.ts';
import { useServices } from '../../state/services.ts';
import { Button } from '../../ui/button.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { matching, type SearchItem, SearchList } from '../../ui/search-list.tsx';
import styles from './composer.module.css';
import { strings } from './strings.ts';
import written from './written.module.css';

const texts = strings.checksum;

const items: readonly SearchItem[] = checksums.map(({ name, aliases, group, label }) => ({
  id: name,
  label: name,
  detail: aliases.join(', '),
  words: `${label} ${group}`,
  group: texts.groups[group],
}));

/** Lists the algorithms whose name or alias matches before those that only describe the query. */
function findAlgorithms(all: readonly SearchItem[], query: string): readonly SearchItem[] {
  const found = matching(all, query);
  if (query.trim() === '') return found;
  const named = new Set(
    matching(
      all.map((item) => ({ ...item, words: '' })),
      query,
    ).map(({ id }) => id),
  );
  return [...found.filter(({ id }) => named.has(id)), ...found.filter(({ id }) => !named.has(id))];
}

const forms = checksumForms.map((value) => ({ value, label: texts.forms[value] }));

type Choice = Draft['checksum'];

/** Returns the checksum of a draft, with its range apart from its spelling. */
function choiceOf(spec: Omit<ChecksumSpec, 'from' | 'to'>, range: Omit<NonNullable<Choice>, 'spec'>): Choice {
  return { ...range, spec: formatChecksumSpec({ ...spec, from: 0, to: undefined }) };
}

/** Returns the range of the checksum of a draft, also if it is part of the spelling. */
function rangeOf(choice: Choice, parsed: ChecksumSpec): Omit<NonNullable<Choice>, 'spec'> {
  const from = choice?.from ?? (parsed.from === 0 ? undefined : parsed.from);
  const to = choice?.to ?? parsed.to;
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}

interface ChecksumSettingsProps {
  readonly tab: string;
  readonly checksum: Choice;
}

/** Selects the algorithm, the byte order, the form and the covered bytes of the checksum of a payload. */
export default function ChecksumSettings({ tab, checksum }: ChecksumSettingsProps) {
  const { drafts } = useServices();
  const change = (next: Choice) => changeDraft(drafts, tab, { checksum: next, changed: true, outcome: undefined });
  const parsed = checksum && parseChecksumSpec(checksum.spec);
  const [isListed, setListed] = useState(!parsed?.ok);
  const select = (name: string) => {
    const { form } = findChecksum(name) as ChecksumAlgorithm;
    change(choiceOf({ algorithm: name, order: 'be', form }, parsed?.ok ? rangeOf(checksum, parsed.value) : {}));
    setListed(false);
  };
  if (isListed || !parsed?.ok) {
    return (
      <div className={written.list}>
        {parsed && !parsed.ok ? <p role="alert">{parsed.error.system}</p> : null}
        <SearchList
          label={texts.search}
          placeholder={texts.example}
          none={texts.none}
          items={items}
          find={findAlgorithms}
          onSelect={({ id }) => select(id)}
        />
      </div>
    );
  }
  const spec = parsed.value;
  const range = rangeOf(checksum, spec);
  return (
    <div className={styles.paceForm}>
      <div className={written.head}>
        <span>
          <strong>{spec.algorithm}</strong> {findChecksum(spec.algorithm)?.label}
        </span>
        <Button small onClick={() => setListed(true)}>
          {texts.other}
        </Button>
      </div>
      <SelectField
        row
        label={texts.order}
        help={texts.orderHelp}
        value={spec.order}
        options={texts.orders}
        onChange={(order) => change(choiceOf({ ...spec, order }, range))}
      />
      <SelectField<ChecksumForm>
        row
        label={texts.form}
        help={texts.formHelp}
        value={spec.form}
        options={forms}
        onChange={(form) => change(choiceOf({ ...spec, form }, range))}
      />
      <OffsetField
        label={texts.from}
        help={texts.fromHelp}
        value={range.from}
        onChange={(from) => change(choiceOf(spec, withOffset(range, 'from', from)))}
      />
      <OffsetField
        label={texts.to}
        help={texts.toHelp}
        value={range.to}
        onChange={(to) => change(choiceOf(spec, withOffset(range, 'to', to)))}
      />
      <Button onClick={() => change(undefined)}>{texts.remove}</Button>
    </div>
  );
}

type Range = Omit<NonNullable<Choice>, 'spec'>;

function withOffset(range: Range, end: keyof Range, offset: number | undefined): Range {
  const { [end]: _before, ...rest } = range;
  return offset === undefined ? rest : { ...rest, [end]: offset };
}

interface OffsetFieldProps {
  readonly label: string;
  readonly help: string;
  readonly value: number | undefined;
  readonly onChange: (offset: number | undefined) => void;
}

/** A byte offset that may be negative or left out. Only a valid one is passed on. */
function OffsetField({ label, help, value, onChange }: OffsetFieldProps) {
  const [text, setText] = useState(value === undefined ? '' : String(value));
  const isValid = /^(?:-?\d{1,9})?$/.test(text.trim());
  const edit = (next: string) => {
    setText(next);
    const trimmed = next.trim();
    if (trimmed === '') onChange(undefined);
    else if (/^-?\d{1,9}$/.test(trimmed)) onChange(Number(trimmed) + 0);
  };
  return (
    <TextField
      row
      mono
      label={label}
      help={help}
      value={text}
      error={isValid ? undefined : texts.offsetError}
      onChange={edit}
    />
  );
}
