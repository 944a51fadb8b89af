import type { SessionView } from '#shared/contract/models.ts';
import { SelectField } from '../../ui/field.tsx';
import { countOf } from '../../ui/figures.ts';
import { RadioList, RadioRow } from '../../ui/radio-list.tsx';
import { type ScopeChoices, type ScopeKind, type ScopeSelection, socketLabel } from './export-scope.ts';
import styles from './save-dialog.module.css';
import { strings } from './strings.ts';
import { useSockets } from './use-sockets.ts';

const { scope: words } = strings;

interface ScopeFieldsProps {
  readonly session: SessionView;
  readonly choices: ScopeChoices;
  readonly selection: ScopeSelection;
  readonly onChange: (selection: ScopeSelection) => void;
}

const directions = [
  { value: 'both', label: words.both },
  { value: 'in', label: words.in },
  { value: 'out', label: words.out },
] as const;

/** Selects the records to save: all, the filtered ones, those of an endpoint or of a socket, and their direction. */
export function ScopeFields({ session, choices, selection, onChange }: ScopeFieldsProps) {
  const sockets = useSockets(session, choices.socket);
  const option = (kind: ScopeKind, label: string, detail: string) => (
    <RadioRow
      name="scope"
      value={kind}
      className={styles.option}
      checked={selection.kind === kind}
      onSelect={() => onChange({ ...selection, kind })}
    >
      <span className={styles.label}>{label}</span>
      <span className={styles.help} title={detail}>
        {detail}
      </span>
    </RadioRow>
  );
  return (
    <RadioList legend={words.title}>
      {option('whole', words.whole, countOf(session.total, 'record'))}
      {choices.text === '' ? null : option('shown', words.shown, choices.text)}
      {choices.endpoint ? option('endpoint', words.endpoint, choices.endpoint.name) : null}
      {sockets.length === 0 ? null : option('socket', words.socket, words.socketHelp)}
      <div className={styles.fields}>
        {selection.kind === 'socket' ? (
          <SelectField
            label={words.socketField}
            hideLabel
            className={styles.socket}
            value={String(selection.socket)}
            options={sockets.map((info) => ({ value: String(info.id), label: socketLabel(info) }))}
            onChange={(value) => onChange({ ...selection, socket: Number(value) })}
          />
        ) : null}
        <SelectField
          label={words.direction}
          hideLabel
          value={selection.direction}
          options={directions}
          onChange={(direction) => onChange({ ...selection, direction })}
        />
      </div>
    </RadioList>
  );
}
