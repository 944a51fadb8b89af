import { Copy, Plus, Trash2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand/react';
import type { DocumentView } from '#shared/contract/documents.ts';
import type { Failure } from '#shared/failure.ts';
import { closeDialog } from '../../state/dialogs.ts';
import { duplicateDocument, removeDocuments } from '../../state/document-commands.ts';
import { useServices, useWorkspace } from '../../state/services.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FailureBox } from '../../ui/fallback.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { shownText } from '../../ui/text.ts';
import { SecretsTable, VariablesTable } from './environment-tables.tsx';
import {
  createEnvironment,
  createEnvironments,
  dropEnvironment,
  type EnvironmentDraft,
  editEnvironment,
  environmentName,
  environmentsOf,
  isValid,
  keepMine,
  loadEnvironment,
  markGone,
  saveEnvironment,
} from './environments.ts';
import { strings } from './strings.ts';
import styles from './workspace.module.css';

const { environment: words } = strings;

/** The environments of the workspace: one is selected and edited; others are created, copied and deleted. */
export function EnvironmentsDialog({ path: first }: { readonly path: string | undefined }) {
  const services = useServices();
  const documents = useWorkspace((workspace) => workspace.documents);
  const drafts = useStore(services.own(createEnvironments), (state) => state.drafts);
  const [selected, setSelected] = useState(first);
  const [failure, setFailure] = useState<Failure>();
  const [busy, setBusy] = useState(false);
  const list = environmentsOf(documents);
  const draftOnly = Object.values(drafts).filter(({ path, changed }) => changed && !documents.has(path));
  const all: readonly Pick<DocumentView, 'path' | 'name'>[] = [...list, ...draftOnly];
  const path = all.some((one) => one.path === selected) ? selected : all[0]?.path;
  const draft = path === undefined ? undefined : drafts[path];
  const close = () => closeDialog(services.dialogs);
  const run = async (work: Promise<Failure | undefined>) => {
    setBusy(true);
    setFailure(undefined);
    setFailure(await work);
    setBusy(false);
  };
  const create = async () => {
    const made = await createEnvironment(services);
    if (typeof made === 'string') setSelected(made);
    else setFailure(made);
  };
  return (
    <Dialog
      title={words.title}
      className={styles.environments}
      onClose={close}
      actions={
        <>
          <Button onClick={close}>{words.close}</Button>
          <Button
            variant="primary"
            disabled={busy || !draft?.changed || !isValid(draft)}
            onClick={() => path !== undefined && void run(saveEnvironment(services, path))}
          >
            {words.save}
          </Button>
        </>
      }
    >
      <div className={styles.form}>
        <div className={styles.line}>
          {path === undefined ? (
            <p className={styles.help}>{words.empty}</p>
          ) : (
            <SelectField
              label={words.label}
              hideLabel
              className={styles.select}
              value={path}
              options={all.map((one) => ({ value: one.path, label: titleOf(one, drafts[one.path]) }))}
              onChange={setSelected}
            />
          )}
          <Button onClick={() => void create()}>
            <Plus size={14} aria-hidden /> {words.create}
          </Button>
          <Button
            disabled={path === undefined}
            onClick={() => {
              if (path !== undefined) void duplicateDocument(services, path).then((copy) => copy && setSelected(copy));
            }}
          >
            <Copy size={14} aria-hidden /> {words.duplicate}
          </Button>
          <Button
            variant="danger"
            disabled={path === undefined}
            onClick={() => {
              if (path === undefined) return;
              dropEnvironment(services, path);
              void removeDocuments(services, [path]);
            }}
          >
            <Trash2 size={14} aria-hidden /> {words.remove}
          </Button>
        </div>
        {path === undefined ? null : <Editor key={path} path={path} draft={draft} onRun={run} />}
        {failure ? <FailureBox failure={failure} onDismiss={() => setFailure(undefined)} /> : null}
      </div>
    </Dialog>
  );
}

function titleOf(view: Pick<DocumentView, 'path' | 'name'>, draft: EnvironmentDraft | undefined): string {
  const name = shownText(environmentName({ path: view.path, name: draft?.name ?? view.name ?? '' }));
  return draft?.changed ? `${name} (${words.unsaved})` : name;
}

interface EditorProps {
  readonly path: string;
  readonly draft: EnvironmentDraft | undefined;
  readonly onRun: (work: Promise<Failure | undefined>) => Promise<void>;
}

/** The name, the variables and the secrets of an environment. */
function Editor({ path, draft, onRun }: EditorProps) {
  const services = useServices();
  const view = useWorkspace((workspace) => workspace.documents.get(path));
  const version = view?.version;
  const [failure, setFailure] = useState<Failure>();
  useEffect(() => {
    if (version === undefined) markGone(services, path);
    else void loadEnvironment(services, path).then(setFailure);
  }, [services, path, version]);
  const problem = view?.problem;
  if (problem) {
    return (
      <>
        <FailureBox failure={problem} />
        {problem.line === undefined ? null : <p>{strings.problem.place(problem.line, problem.column)}</p>}
      </>
    );
  }
  if (failure) return <FailureBox failure={failure} />;
  if (!draft) return null;
  return (
    <>
      {draft.theirs === undefined ? null : <Conflict draft={draft} onRun={onRun} />}
      <TextField
        label={words.name}
        value={draft.name}
        maxLength={200}
        placeholder={environmentName({ path })}
        onChange={(name) => editEnvironment(services, path, { name })}
      />
      <VariablesTable draft={draft} />
      <SecretsTable draft={draft} onRun={onRun} />
    </>
  );
}

/** Asks what to do if the file has changed on disk. */
function Conflict({ draft, onRun }: { readonly draft: EnvironmentDraft; readonly onRun: EditorProps['onRun'] }) {
  const services = useServices();
  const { path, theirs } = draft;
  const isGone = theirs === 'gone';
  const take = async () => {
    if (!isGone) return loadEnvironment(services, path, true);
    dropEnvironment(services, path);
    return undefined;
  };
  return (
    <div className={styles.conflict} role="alert">
      <span className={styles.text}>{isGone ? words.gone : words.conflict}</span>
      <Button small onClick={() => void onRun(keepMine(services, path))}>
        {words.keepMine}
      </Button>
      <Button small onClick={() => void onRun(take())}>
        {words.takeTheirs}
      </Button>
    </div>
  );
}
