import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import type { Failure } from '#shared/failure.ts';
import { useServices } from '../../state/services.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { type EnvironmentDraft, editEnvironment, nameProblem, removeSecret, setSecret } from './environments.ts';
import { strings } from './strings.ts';
import styles from './workspace.module.css';

const { environment: words } = strings;

/** The variables of an environment: names and values. */
export function VariablesTable({ draft }: { readonly draft: EnvironmentDraft }) {
  const services = useServices();
  const { path, rows } = draft;
  const change = (id: number, part: { readonly name?: string; readonly value?: string }) =>
    editEnvironment(services, path, { rows: rows.map((row) => (row.id === id ? { ...row, ...part } : row)) });
  const add = () => {
    const id = Math.max(-1, ...rows.map((row) => row.id)) + 1;
    editEnvironment(services, path, { rows: [...rows, { id, name: '', value: '' }] });
  };
  return (
    <section className={styles.table} aria-label={words.variables}>
      <h3 className={styles.heading}>{words.variables}</h3>
      {rows.length === 0 ? <p className={styles.help}>{words.noVariables}</p> : null}
      {rows.map(({ id, name, value }) => (
        <div key={id} className={styles.row}>
          <TextField
            label={words.variable(name)}
            hideLabel
            mono
            className={styles.key}
            placeholder={words.namePlaceholder}
            value={name}
            autoFocus={name === '' && value === ''}
            error={nameProblem(draft, name, value === '')}
            onChange={(next) => change(id, { name: next })}
          />
          <TextField
            label={words.value(name)}
            hideLabel
            mono
            className={styles.value}
            placeholder={words.valuePlaceholder}
            value={value}
            onChange={(next) => change(id, { value: next })}
          />
          <IconButton
            label={words.removeOf(name)}
            onClick={() => editEnvironment(services, path, { rows: rows.filter((row) => row.id !== id) })}
          >
            <X size={14} aria-hidden />
          </IconButton>
        </div>
      ))}
      <Button small className={styles.add} onClick={add}>
        <Plus size={13} aria-hidden /> {words.addVariable}
      </Button>
    </section>
  );
}

interface SecretsTableProps {
  readonly draft: EnvironmentDraft;
  readonly onRun: (work: Promise<Failure | undefined>) => Promise<void>;
}

/** The secrets of an environment. Their values can be set and replaced, and are never shown. */
export function SecretsTable({ draft, onRun }: SecretsTableProps) {
  const services = useServices();
  const { path, secrets, protection } = draft;
  return (
    <section className={styles.table} aria-label={words.secrets}>
      <h3 className={styles.heading}>{words.secrets}</h3>
      {secrets.length === 0 ? <p className={styles.help}>{words.noSecrets}</p> : null}
      {secrets.map((name) => (
        <SecretRow key={name} draft={draft} name={name} onRun={onRun} />
      ))}
      <NewSecret draft={draft} onAdd={(name, value) => onRun(setSecret(services, path, name, value))} />
      {protection === '' ? null : <p className={styles.help}>{words.protection[protection]}</p>}
    </section>
  );
}

function SecretRow({ draft, name, onRun }: SecretsTableProps & { readonly name: string }) {
  const services = useServices();
  const { path, set } = draft;
  const [value, setValue] = useState('');
  const isSet = set.includes(name);
  const store = () => {
    setValue('');
    void onRun(setSecret(services, path, name, value));
  };
  return (
    <form
      className={styles.row}
      onSubmit={(event) => {
        event.preventDefault();
        if (value !== '') store();
      }}
    >
      <span className={styles.secret}>
        <span className={styles.mono}>{name}</span>
        <span className={styles.help}>{isSet ? words.isSet : words.isNotSet}</span>
      </span>
      <TextField
        label={words.secretValue(name)}
        hideLabel
        mono
        type="password"
        className={styles.value}
        placeholder={words.secretPlaceholder}
        autoComplete="new-password"
        value={value}
        onChange={setValue}
      />
      <Button type="submit" disabled={value === ''} aria-label={isSet ? words.replaceOf(name) : words.setOf(name)}>
        {isSet ? words.replace : words.set}
      </Button>
      <IconButton label={words.removeOf(name)} onClick={() => void onRun(removeSecret(services, path, name))}>
        <X size={14} aria-hidden />
      </IconButton>
    </form>
  );
}

interface NewSecretProps {
  readonly draft: EnvironmentDraft;
  readonly onAdd: (name: string, value: string) => Promise<void>;
}

function NewSecret({ draft, onAdd }: NewSecretProps) {
  const [name, setName] = useState('');
  const [value, setValue] = useState('');
  const isUsed = draft.secrets.includes(name) || draft.rows.some((row) => row.name === name);
  const problem = name === '' ? undefined : isUsed ? words.sameName : nameProblem(draft, name);
  const add = () => {
    if (name === '' || value === '' || problem !== undefined) return;
    setName('');
    setValue('');
    void onAdd(name, value);
  };
  return (
    <form
      className={styles.row}
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      <TextField
        label={words.secretName}
        hideLabel
        mono
        className={styles.key}
        placeholder={words.namePlaceholder}
        value={name}
        error={problem}
        onChange={setName}
      />
      <TextField
        label={words.secretNewValue}
        hideLabel
        mono
        type="password"
        className={styles.value}
        placeholder={words.secretPlaceholder}
        autoComplete="new-password"
        value={value}
        onChange={setValue}
      />
      <Button type="submit" disabled={name === '' || value === '' || problem !== undefined}>
        {words.addSecret}
      </Button>
    </form>
  );
}
