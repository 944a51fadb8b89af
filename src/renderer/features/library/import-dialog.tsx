import { FileText, Plug } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { ImportedDocument } from '#shared/document/import.ts';
import type { Failure } from '#shared/failure.ts';
import { closeDialog } from '../../state/dialogs.ts';
import { useServices } from '../../state/services.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { AreaField, SelectField } from '../../ui/field.tsx';
import { shownText } from '../../ui/text.ts';
import {
  createdText,
  type ImportResult,
  offerUndo,
  planImport,
  type ReadFiles,
  readFiles,
  runImport,
  type SelectedFile,
  selectFiles,
} from './import-files.ts';
import styles from './library.module.css';
import { selectedFolder } from './library-commands.ts';
import { useFolders } from './move-dialog.tsx';
import { strings } from './strings.ts';

const texts = strings.importing;

/** Maximum number of documents, and of refused ones, that are listed. */
const maxListed = 100;

interface ImportDialogProps {
  /** Files that were dropped on the window. */
  readonly files: readonly SelectedFile[];
  /** The folder for payloads to begin with; `undefined` for the selected one. */
  readonly folder: string | undefined;
}

/** Imports files, folders and command lines: shows what they become and what is refused, then creates the documents. */
export function ImportDialog({ files, folder: first }: ImportDialogProps) {
  const services = useServices();
  const folders = useFolders();
  const [read, setRead] = useState<ReadFiles>({ files: [], problems: [] });
  const [isReading, setReading] = useState(files.length > 0);
  const [commands, setCommands] = useState('');
  const [folder, setFolder] = useState(() => first ?? selectedFolder(services));
  const [done, setDone] = useState<number>();
  const [result, setResult] = useState<ImportResult>();
  const isStopped = useRef(false);
  const plan = useMemo(() => planImport(read, commands, folder), [read, commands, folder]);
  const { documents } = plan;
  const isRunning = done !== undefined && result === undefined;
  const add = async (selected: readonly SelectedFile[]) => {
    setReading(true);
    const more = await readFiles(selected);
    setRead((before) => ({
      files: [...before.files, ...more.files],
      problems: [...before.problems, ...more.problems],
    }));
    setReading(false);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: the dropped files are read once.
  useEffect(() => {
    if (files.length > 0) void add(files);
  }, []);
  const close = () => {
    isStopped.current = true;
    closeDialog(services.dialogs);
  };
  const start = async () => {
    setDone(0);
    const ended = await runImport(services, documents, (count) => {
      setDone(count);
      return !isStopped.current;
    });
    if (ended.created.length > 0) offerUndo(services, ended);
    if (ended.problems.length + plan.problems.length === 0 && !isStopped.current) close();
    else setResult(ended);
  };
  const problems = [...plan.problems, ...(result?.problems ?? [])];
  return (
    <Dialog
      title={texts.title}
      className={styles.import}
      onClose={close}
      actions={
        result ? (
          <Button variant="primary" onClick={close}>
            {texts.close}
          </Button>
        ) : (
          <>
            <Button onClick={close}>{isRunning ? texts.stop : texts.cancel}</Button>
            <Button
              variant="primary"
              disabled={documents.length === 0 || isRunning || isReading}
              onClick={() => void start()}
            >
              {texts.start(documents.length)}
            </Button>
          </>
        )
      }
    >
      {result || isRunning ? (
        <output>
          {result ? texts.done(createdText(result.created)) : texts.progress(done ?? 0, documents.length)}
        </output>
      ) : (
        <>
          <div className={styles.sources}>
            <Button onClick={() => void selectFiles(false).then(add)}>{texts.files}</Button>
            <Button onClick={() => void selectFiles(true).then(add)}>{texts.folder}</Button>
            {isReading ? <output>{texts.reading}</output> : null}
          </div>
          <p className={styles.help}>{texts.help}</p>
          <AreaField label={texts.commands} help={texts.commandsHelp} value={commands} onChange={setCommands} />
          <SelectField label={texts.target} value={folder} options={folders} onChange={setFolder} />
          <Documents documents={documents} />
        </>
      )}
      {problems.length === 0 ? null : <Problems problems={problems} />}
    </Dialog>
  );
}

/** The documents that will be created, with the file or the command that each is from. */
function Documents({ documents }: { readonly documents: readonly ImportedDocument[] }) {
  if (documents.length === 0) return <p className={styles.help}>{texts.empty}</p>;
  return (
    <section aria-label={texts.found}>
      <h3 className={styles.title}>
        {texts.found}: {createdText(documents)}
      </h3>
      <ul className={styles.found}>
        {documents.slice(0, maxListed).map((document, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two documents may have the same path until free names are found.
          <li key={index}>
            {document.kind === 'payload' ? <FileText size={13} aria-hidden /> : <Plug size={13} aria-hidden />}
            <span className={styles.name}>{shownText(document.path)}</span>
            {document.path.endsWith(`/${document.source}`) ? null : (
              <span className={styles.source} title={shownText(document.source)}>
                {texts.from(shownText(document.source))}
              </span>
            )}
            {document.kind === 'payload' && document.meta ? (
              <span className={styles.source}>{texts.withMeta}</span>
            ) : null}
          </li>
        ))}
        {documents.length > maxListed ? <li>{texts.more(documents.length - maxListed)}</li> : null}
      </ul>
    </section>
  );
}

/** Why files, packets or commands are not imported. */
function Problems({ problems }: { readonly problems: readonly Failure[] }) {
  return (
    <section aria-label={texts.refused}>
      <h3 className={styles.title}>{texts.refused}</h3>
      <ul className={styles.found}>
        {problems.slice(0, maxListed).map(({ message, system, hint }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two files may be refused for the same reason.
          <li key={index} className={styles.refused}>
            {shownText([message, system].filter(Boolean).join(': '))}. {shownText(hint)}
          </li>
        ))}
        {problems.length > maxListed ? <li>{texts.more(problems.length - maxListed)}</li> : null}
      </ul>
    </section>
  );
}
