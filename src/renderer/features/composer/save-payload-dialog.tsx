import { useState } from 'react';
import { freePath, parseDocumentPath } from '#shared/document/document-path.ts';
import { payloadFormatOf } from '#shared/document/kinds/payload.ts';
import type { Failure } from '#shared/failure.ts';
import { closeDialog } from '../../state/dialogs.ts';
import { type Draft, draftOf } from '../../state/drafts.ts';
import { savePayloadAs } from '../../state/payload-documents.ts';
import { movePayloads } from '../../state/payload-files.ts';
import { baseName, folderOf, withEnding } from '../../state/payload-text.ts';
import { type Services, useServices } from '../../state/services.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FailureBox } from '../../ui/fallback.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import styles from './composer.module.css';
import { strings } from './strings.ts';

const texts = strings.saveDialog;
const root = 'payloads';

/** Returns the folders of payloads, the top one first. */
function foldersOf({ workspace }: Services): string[] {
  const folders = [...workspace.getState().documents.values()]
    .filter(({ kind, path }) => kind === 'folder' && path.startsWith(`${root}/`))
    .map(({ path }) => path);
  return [root, ...folders.sort()];
}

/** Returns the name to begin with: that of the document, or a free one made of the name and format of the payload. */
function firstName({ workspace }: Services, { document, name, format }: Draft): string {
  if (document !== undefined) return baseName(document);
  const file = withEnding(parseDocumentPath(name).ok && !name.includes('/') ? name : 'payload', format);
  const ending = file.slice(file.lastIndexOf('.'));
  return baseName(freePath(`${root}/${file}`, workspace.getState().documents.keys(), ending));
}

interface SavePayloadDialogProps {
  readonly tab: string;
  readonly how: 'save' | 'rename';
}

/** Asks for the name and the folder of a payload: to save it for the first time or as another document, or to rename its document. */
export function SavePayloadDialog({ tab, how }: SavePayloadDialogProps) {
  const services = useServices();
  const { dialogs, drafts } = services;
  const [draft] = useState(() => draftOf(drafts.getState(), tab));
  const [name, setName] = useState(() => firstName(services, draft));
  const [folders] = useState(() => foldersOf(services));
  const [folder, setFolder] = useState(draft.document === undefined ? root : folderOf(draft.document));
  const [error, setError] = useState<string>();
  const [failure, setFailure] = useState<Failure>();
  const close = () => closeDialog(dialogs);
  const isRename = how === 'rename' && draft.document !== undefined;

  const apply = async () => {
    const path = `${folder}/${withEnding(name.trim(), draft.format)}`;
    const parsed = parseDocumentPath(path);
    if (name.trim() === '' || !parsed.ok) return setError(parsed.ok ? texts.empty : parsed.error.system);
    if (payloadFormatOf(path) === undefined || name.includes('/')) return setError(texts.noSlash);
    if (isRename && path === draft.document) return close();
    const failed = isRename
      ? await movePayloads(services, [{ from: draft.document ?? '', to: parsed.value }])
      : await savePayloadAs(services, tab, parsed.value);
    if (failed) setFailure(failed);
    else close();
  };

  return (
    <Dialog
      title={isRename ? texts.rename : texts.title}
      onClose={close}
      actions={
        <>
          <Button onClick={close}>{texts.cancel}</Button>
          <Button variant="primary" onClick={() => void apply()}>
            {isRename ? texts.renameButton : texts.save}
          </Button>
        </>
      }
    >
      <form
        className={styles.saveForm}
        onSubmit={(event) => {
          event.preventDefault();
          void apply();
        }}
      >
        <TextField
          label={texts.name}
          help={texts.nameHelp}
          autoFocus
          value={name}
          error={error}
          onFocus={(event) => event.target.setSelectionRange(0, Math.max(0, event.target.value.lastIndexOf('.')))}
          onChange={(value) => {
            setName(value);
            setError(undefined);
            setFailure(undefined);
          }}
        />
        <SelectField
          label={texts.folder}
          value={folder}
          options={folders.map((path) => ({ value: path, label: path }))}
          onChange={setFolder}
        />
        {failure ? <FailureBox failure={failure} /> : null}
        <button type="submit" hidden />
      </form>
    </Dialog>
  );
}
