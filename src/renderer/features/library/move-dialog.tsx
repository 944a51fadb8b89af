import { useId, useMemo, useState } from 'react';
import { closeDialog } from '../../state/dialogs.ts';
import { baseName, folderOf } from '../../state/payload-text.ts';
import { useServices, useWorkspace } from '../../state/services.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { SelectField } from '../../ui/field.tsx';
import { shownText } from '../../ui/text.ts';
import { moveTo } from './library-commands.ts';
import { isInside, payloadRoot } from './library-rows.ts';
import { strings } from './strings.ts';

const texts = strings.moving;

/** Returns the folders for payloads as options of a field, the top one first. */
export function useFolders(): { readonly value: string; readonly label: string }[] {
  const documents = useWorkspace((state) => state.documents);
  return useMemo(() => {
    const folders = [...documents.values()].filter(
      ({ kind, path }) => kind === 'folder' && isInside(path, payloadRoot),
    );
    return [payloadRoot, ...folders.map(({ path }) => path).sort()].map((path) => ({
      value: path,
      label: shownText(path),
    }));
  }, [documents]);
}

/** Asks for the folder to which payloads and folders are moved. */
export function MoveDialog({ paths }: { readonly paths: readonly string[] }) {
  const services = useServices();
  const form = useId();
  const isOutside = ({ value }: { readonly value: string }) =>
    !paths.some((path) => path === value || isInside(value, path));
  const folders = useFolders().filter(isOutside);
  const [first = ''] = paths;
  const [folder, setFolder] = useState(() => folderOf(first));
  const close = () => closeDialog(services.dialogs);
  return (
    <Dialog
      title={paths.length === 1 ? texts.title(shownText(baseName(first))) : texts.titleOf(paths.length)}
      onClose={close}
      actions={
        <>
          <Button onClick={close}>{texts.cancel}</Button>
          <Button variant="primary" type="submit" form={form}>
            {texts.move}
          </Button>
        </>
      }
    >
      <form
        id={form}
        onSubmit={(event) => {
          event.preventDefault();
          close();
          void moveTo(services, paths, folder);
        }}
      >
        <SelectField label={texts.folder} value={folder} options={folders} onChange={setFolder} />
      </form>
    </Dialog>
  );
}
