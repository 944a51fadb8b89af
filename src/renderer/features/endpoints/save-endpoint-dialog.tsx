import { useId, useState } from 'react';
import { fileNameOf, parseDocumentPath } from '#shared/document/document-path.ts';
import { endpointColours } from '#shared/document/file-fields.ts';
import type { Failure } from '#shared/failure.ts';
import { closeDialog } from '../../state/dialogs.ts';
import { applyPending } from '../../state/endpoint-commands.ts';
import { ownName } from '../../state/endpoint-form.ts';
import { changeSaved, type SavedDetails } from '../../state/saved-changes.ts';
import { saveEndpointAs } from '../../state/saved-endpoints.ts';
import { useServices, useWorkspace } from '../../state/services.ts';
import { endpointTabOf } from '../../state/tabs.ts';
import { Button } from '../../ui/button.tsx';
import { RadioList, RadioRow } from '../../ui/choices.tsx';
import { ColourMark } from '../../ui/colour-mark.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FailureBox } from '../../ui/fallback.tsx';
import { TextField } from '../../ui/field.tsx';
import { shownText } from '../../ui/text.ts';
import styles from './save-endpoint-dialog.module.css';
import { strings } from './strings.ts';

const { saved: words } = strings;

const root = 'endpoints/';
const ending = '.yaml';
const maxName = 120;

/** Returns the folder of a document inside `endpoints/`. */
function folderOf(path: string): string {
  return path.slice(root.length, Math.max(path.lastIndexOf('/'), root.length));
}

/** Returns the path of `file` in a folder as it is typed. */
function pathIn(folder: string, file: string): string {
  const trimmed = folder.trim().replaceAll(/^\/+|\/+$/g, '');
  return trimmed === '' ? root + file : `${root}${trimmed}/${file}`;
}

interface DetailsDialogProps {
  readonly title: string;
  readonly initial: SavedDetails;
  /** The document, if there is one: its file keeps its name unless the endpoint is renamed. */
  readonly path?: string;
  readonly save: string;
  /** Returns why saving failed; `taken` if another document has the path. */
  readonly onSave: (details: SavedDetails) => Promise<Failure | 'taken' | undefined>;
}

/** Asks for the name, the folder and the colour of a saved endpoint. */
function DetailsDialog({ title, initial, path, save, onSave }: DetailsDialogProps) {
  const services = useServices();
  const documents = useWorkspace((workspace) => workspace.documents);
  const folders = useId();
  const form = useId();
  const [name, setName] = useState(initial.name);
  const [folder, setFolder] = useState(folderOf(initial.path));
  const [colour, setColour] = useState(initial.colour);
  const [failure, setFailure] = useState<Failure>();
  const [busy, setBusy] = useState(false);
  const isRenamed = path === undefined || name.trim() !== initial.name;
  const file = isRenamed ? `${fileNameOf(name.trim())}${ending}` : path.slice(path.lastIndexOf('/') + 1);
  const wanted = pathIn(folder, file);
  const target = parseDocumentPath(wanted);
  const isTaken = target.ok && target.value !== path && documents.has(target.value);
  const isEmpty = name.trim() === '';
  const close = () => closeDialog(services.dialogs);
  const submit = async () => {
    if (busy || isEmpty || !target.ok || isTaken) return;
    setBusy(true);
    setFailure(undefined);
    const failed = await onSave({ name: name.trim(), path: target.value, colour });
    setBusy(false);
    if (failed === undefined) close();
    else if (failed !== 'taken') setFailure(failed);
  };
  return (
    <Dialog
      title={title}
      className={styles.dialog}
      onClose={close}
      actions={
        <>
          <Button onClick={close}>{words.cancel}</Button>
          <Button variant="primary" type="submit" form={form} disabled={busy || isEmpty || !target.ok || isTaken}>
            {save}
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
        <TextField
          label={words.name}
          value={name}
          maxLength={maxName}
          autoFocus
          onFocus={(event) => event.currentTarget.select()}
          onChange={setName}
          error={isEmpty ? words.nameError : isTaken ? words.taken(shownText(wanted)) : undefined}
        />
        <TextField
          label={words.folder}
          value={folder}
          list={folders}
          onChange={setFolder}
          help={words.folderHelp}
          error={target.ok ? undefined : words.folderError(target.error.system)}
        />
        <FolderOptions id={folders} />
        <ColourField colour={colour} onSelect={setColour} />
        {target.ok ? <p className={styles.file}>{words.file(shownText(target.value))}</p> : null}
        {failure ? <FailureBox failure={failure} onDismiss={() => setFailure(undefined)} /> : null}
      </form>
    </Dialog>
  );
}

/** The folders that the workspace has, as suggestions. */
function FolderOptions({ id }: { readonly id: string }) {
  const documents = useWorkspace((workspace) => workspace.documents);
  return (
    <datalist id={id}>
      {[...documents.values()]
        .filter(({ kind, path }) => kind === 'folder' && path.startsWith(root))
        .map(({ path }) => (
          <option key={path} value={path.slice(root.length)} />
        ))}
    </datalist>
  );
}

interface ColourFieldProps {
  readonly colour: SavedDetails['colour'];
  readonly onSelect: (colour: SavedDetails['colour']) => void;
}

function ColourField({ colour, onSelect }: ColourFieldProps) {
  return (
    <RadioList legend={words.colour}>
      <div className={styles.colours}>
        {[undefined, ...endpointColours].map((one) => (
          <RadioRow
            key={one ?? ''}
            name="colour"
            value={one ?? ''}
            checked={one === colour}
            onSelect={() => onSelect(one)}
            className={styles.colour}
          >
            <span className={styles.colourName}>
              {one ? <ColourMark colour={one} /> : null}
              {one ?? words.noColour}
            </span>
          </RadioRow>
        ))}
      </div>
    </RadioList>
  );
}

/** Saves the endpoint of a tab as a new document. */
export function SaveEndpointDialog({ tab: id }: { readonly tab: string }) {
  const services = useServices();
  const tab = endpointTabOf(services.tabs.getState(), id);
  if (!tab) return null;
  const { form, document } = tab;
  const suggested = ownName({ name: form.name, role: form.role }) || suggestedName(form);
  const initial = { name: suggested, path: document?.path ?? root, colour: document?.rest.colour };
  return (
    <DetailsDialog
      title={words.titleNew}
      initial={initial}
      save={words.saveShort}
      onSave={async ({ name, path, colour }) => {
        // The suggested name is that of the file: an endpoint without a name is known by its address.
        if (name !== suggested) await applyPending(services, id, { name });
        const { colour: _before, ...rest } = document?.rest ?? {};
        const failed = await saveEndpointAs(services, id, path, { ...rest, ...(colour && { colour }) });
        return failed;
      }}
    />
  );
}

/** Returns a name for an endpoint that has none: its role and its address. */
function suggestedName({
  role,
  transport,
  host,
  port,
  path,
}: {
  role: string;
  transport: string;
  host: string;
  port: string;
  path: string;
}) {
  const address = transport === 'local' ? path.slice(path.lastIndexOf('/') + 1) : `${host} ${port}`;
  return `${role} ${address}`.trim();
}

/** Changes the name, the folder and the colour of a saved endpoint. */
export function SavedEndpointDialog({ path }: { readonly path: string }) {
  const services = useServices();
  const view = useWorkspace((workspace) => workspace.documents.get(path));
  const [initial] = useState(view);
  if (!initial?.endpoint) return null;
  return (
    <DetailsDialog
      title={words.titleChange}
      initial={{ name: initial.endpoint.name, path, colour: initial.endpoint.colour }}
      path={path}
      save={words.apply}
      onSave={(details) => changeSaved(services, path, details)}
    />
  );
}
