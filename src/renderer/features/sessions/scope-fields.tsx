import type { SessionView } from '#shared/contract/models.ts';
import { SelectField } from '../../ui/field.tsx';
import { countOf } from '../../ui/figures.ts';
import { type ScopeChoices, type ScopeKind, type ScopeSelection, socketLabel } from './export-scope.ts';
import styles from './save-dialog.module.css';
import { useSockets } from './use-sockets.ts';

interface ScopeFieldsProps {
  readonly session: SessionView;
  readonly choices: ScopeChoices;
  readonly selection: ScopeSelection;
  readonly onChange: (selection: ScopeSelection) => void;
}

const directions = [
  { value: 'both', label: 'Both directions' },
  { value: 'in', label: 'Received only' },
  { value: 'out', label: 'Sent only' },
] as const;

/** Which records are saved: all, what the filter shows, those of an endpoint or of a socket; and of which direction. */
export function ScopeFields({ session, choices, selection, onChange }: ScopeFieldsProps) {
  const sockets = useSockets(session, choices.socket);
  const option = (kind: ScopeKind, label: string, detail: string) => (
    <label className={styles.option}>
      <input
        type="radio"
        name="scope"
        checked={selection.kind === kind}
        onChange={() => onChange({ ...selection, kind })}
      />
      <span className={styles.label}>{label}</span>
      <span className={styles.help} title={detail}>
        {detail}
      </span>
    </label>
  );
  return (
    <fieldset className={styles.group}>
      <legend className={styles.legend}>Records</legend>
      {option('whole', 'The whole session', countOf(session.total, 'record'))}
      {choices.text === '' ? null : option('shown', 'What the filter shows', choices.text)}
      {choices.endpoint ? option('endpoint', 'This endpoint', choices.endpoint.name) : null}
      {sockets.length === 0 ? null : option('socket', 'One socket', 'a connection or a listener')}
      <div className={styles.fields}>
        {selection.kind === 'socket' ? (
          <SelectField
            label="Socket"
            hideLabel
            className={styles.socket}
            value={String(selection.socket)}
            options={sockets.map((info) => ({ value: String(info.id), label: socketLabel(info) }))}
            onChange={(value) => onChange({ ...selection, socket: Number(value) })}
          />
        ) : null}
        <SelectField
          label="Direction"
          hideLabel
          value={selection.direction}
          options={directions}
          onChange={(direction) => onChange({ ...selection, direction })}
        />
      </div>
    </fieldset>
  );
}
