import { useId, useState } from 'react';
import { referenceName } from '#shared/contract/file-reference.ts';
import type { Failure } from '#shared/failure.ts';
import { closeDialog } from '../../state/dialogs.ts';
import { useServices, useWorkspace } from '../../state/services.ts';
import { Button, CopyButton } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FailureBox } from '../../ui/fallback.tsx';
import { TextField } from '../../ui/field.tsx';
import { shownText } from '../../ui/text.ts';
import { strings } from './strings.ts';
import styles from './workspace.module.css';
import { createWorkspace, hasFolderDialog, selectFolder } from './workspace-commands.ts';

const { create: words } = strings;

/** Asks for the name of a new workspace and, in a host with file dialogs, for its folder. */
export function NewWorkspaceDialog() {
  const services = useServices();
  const form = useId();
  const [name, setName] = useState('');
  const [folder, setFolder] = useState<string>();
  const [failure, setFailure] = useState<Failure>();
  const [busy, setBusy] = useState(false);
  const isEmpty = name.trim() === '';
  const close = () => closeDialog(services.dialogs);
  const submit = async () => {
    if (isEmpty || busy) return;
    setBusy(true);
    const failed = await createWorkspace(services, { name: name.trim(), ...(folder !== undefined && { folder }) });
    setBusy(false);
    if (failed) setFailure(failed);
    else close();
  };
  return (
    <Dialog
      title={words.title}
      className={styles.dialog}
      onClose={close}
      actions={
        <>
          <Button onClick={close}>{words.cancel}</Button>
          <Button variant="primary" type="submit" form={form} disabled={isEmpty || busy}>
            {words.create}
          </Button>
        </>
      }
    >
      <form
        id={form}
        className={styles.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <TextField label={words.name} value={name} maxLength={120} autoFocus onChange={setName} help={words.help} />
        {hasFolderDialog(services) ? (
          <div className={styles.line}>
            <span className={styles.place}>{folder === undefined ? words.defaultPlace : referenceName(folder)}</span>
            <Button
              onClick={() => {
                void selectFolder(services, words.selectTitle).then((selected) => {
                  if (selected !== undefined) setFolder(selected);
                });
              }}
            >
              {words.select}
            </Button>
          </div>
        ) : null}
        {failure ? <FailureBox failure={failure} onDismiss={() => setFailure(undefined)} /> : null}
      </form>
    </Dialog>
  );
}

const { problem: problemWords } = strings;

/** Shows why a document cannot be read, where, and the path of its file. */
export function DocumentProblemDialog({ path }: { readonly path: string }) {
  const services = useServices();
  const problem = useWorkspace((workspace) => workspace.documents.get(path)?.problem);
  const folder = useWorkspace((workspace) => workspace.view?.folder ?? '');
  const close = () => closeDialog(services.dialogs);
  const separator = folder.includes('\\') ? '\\' : '/';
  const file = [folder, ...path.split('/')].join(separator);
  return (
    <Dialog
      title={problemWords.title}
      className={styles.dialog}
      onClose={close}
      actions={
        <>
          <CopyButton label={problemWords.copy} text={file} shown />
          <Button variant="primary" onClick={close}>
            {problemWords.close}
          </Button>
        </>
      }
    >
      <div className={styles.form}>
        {problem ? <FailureBox failure={problem} /> : null}
        {problem?.line === undefined ? null : <p>{problemWords.place(problem.line, problem.column)}</p>}
        <p className={styles.path}>
          {problemWords.path}: {shownText(file)}
        </p>
        <p className={styles.help}>{problemWords.text}</p>
      </div>
    </Dialog>
  );
}
