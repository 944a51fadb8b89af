import { useState } from 'react';
import { freePath, parseDocumentPath } from '#shared/document/document-path.ts';
import { payloadFormatOf } from '#shared/document/kinds/payload.ts';
import type { Failure } from '#shared/failure.ts';
import { guessPayload, type PayloadFormat } from '#shared/payload/payload.ts';
import { closeDialog } from '../../state/dialogs.ts';
import { type Draft, draftOf } from '../../state/drafts.ts';
import { showDone } from '../../state/notices.ts';
import { savePayloadAs } from '../../state/payload-documents.ts';
import { movePayloads, saveNewPayload } from '../../state/payload-files.ts';
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

type Format = PayloadFormat | 'binary';

/** Returns the folders of payloads, the top one first. */
function foldersOf({ workspace }: Services): string[] {
  const folders = [...workspace.getState().documents.values()]
    .filter(({ kind, path }) => kind === 'folder' && path.startsWith(`${root}/`))
    .map(({ path }) => path);
  return [root, ...folders.sort()];
}

/** Returns a free name in the top folder: `name`, with the ending of `format` unless it has one. */
function freeName({ workspace }: Services, name: string, format: Format): string {
  const file = withEnding(name, format);
  const own = file.slice(file.lastIndexOf('.'));
  return baseName(freePath(`${root}/${file}`, workspace.getState().documents.keys(), own));
}

/** Returns the name to begin with: that of the document, or a free one made of the name and format of the payload. */
function firstName(services: Services, { document, name, format }: Draft): string {
  if (document !== undefined) return baseName(document);
  const usable = parseDocumentPath(name).ok && !name.includes('/') ? name : 'payload';
  return freeName(services, usable, format);
}

interface SavePayloadDialogProps {
  readonly tab: string;
  readonly how: 'save' | 'rename';
}

/** Asks for the name and the folder of a payload: to save it for the first time or as another document, or to rename its document. */
export function SavePayloadDialog({ tab, how }: SavePayloadDialogProps) {
  const services = useServices();
  const [draft] = useState(() => draftOf(services.drafts.getState(), tab));
  const { document, format } = draft;
  const from = how === 'rename' ? document : undefined;
  const apply = async (path: string) => {
    if (path === from) return undefined;
    return from === undefined
      ? await savePayloadAs(services, tab, path)
      : await movePayloads(services, [{ from, to: path }]);
  };
  return (
    <NameDialog
      title={from === undefined ? texts.title : texts.rename}
      button={from === undefined ? texts.save : texts.renameButton}
      first={() => firstName(services, draft)}
      folder={document === undefined ? root : folderOf(document)}
      format={format}
      apply={apply}
    />
  );
}

/** Asks for the name and the folder of a recorded message, and saves its bytes as a payload. */
export function SaveRecordDialog({ seq, bytes }: { readonly seq: number; readonly bytes: Uint8Array }) {
  const services = useServices();
  const [format] = useState((): Format => {
    const guessed = guessPayload(bytes).format;
    return guessed === 'hex' ? 'binary' : guessed;
  });
  const apply = async (path: string) => {
    const failure = await saveNewPayload(services, path, bytes);
    if (!failure) showDone(services.notices, texts.saved(path));
    return failure;
  };
  return (
    <NameDialog
      title={texts.record(seq)}
      button={texts.save}
      first={() => freeName(services, texts.recordName(seq), format)}
      folder={root}
      format={format}
      apply={apply}
    />
  );
}

interface NameDialogProps {
  readonly title: string;
  readonly button: string;
  /** Returns the name to begin with. */
  readonly first: () => string;
  /** The folder to begin with. */
  readonly folder: string;
  /** The format whose ending a name without one gets. */
  readonly format: Format;
  /** Does what was asked for. Returns why it could not; the dialog then stays open. */
  readonly apply: (path: string) => Promise<Failure | undefined>;
}

/** Asks for the name and the folder of a payload. */
function NameDialog({ title, button, first, folder: firstFolder, format, apply }: NameDialogProps) {
  const services = useServices();
  const [name, setName] = useState(first);
  const [folders] = useState(() => foldersOf(services));
  const [folder, setFolder] = useState(firstFolder);
  const [error, setError] = useState<string>();
  const [failure, setFailure] = useState<Failure>();
  const close = () => closeDialog(services.dialogs);

  const start = async () => {
    const file = name.trim();
    const path = `${folder}/${withEnding(file, format)}`;
    const parsed = parseDocumentPath(path);
    if (file === '' || !parsed.ok) return setError(parsed.ok ? texts.empty : parsed.error.system);
    if (payloadFormatOf(path) === undefined || name.includes('/')) return setError(texts.noSlash);
    const failed = await apply(parsed.value);
    if (failed) setFailure(failed);
    else close();
  };

  return (
    <Dialog
      title={title}
      onClose={close}
      actions={
        <>
          <Button onClick={close}>{texts.cancel}</Button>
          <Button variant="primary" onClick={() => void start()}>
            {button}
          </Button>
        </>
      }
    >
      <form
        className={styles.saveForm}
        onSubmit={(event) => {
          event.preventDefault();
          void start();
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
