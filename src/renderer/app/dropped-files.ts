import { useEffect } from 'react';
import { importDropped } from '../features/library/import-files.ts';
import { openWorkspace } from '../features/workspace/workspace-commands.ts';
import { showFailure } from '../state/notices.ts';
import type { Services } from '../state/services.ts';

/**
 * Handles what is dropped on the window, where no part of it handles it: in the desktop app a folder is opened as a workspace; other files
 * are imported. The browser would leave the page and show the file.
 */
export function useDroppedFiles(services: Services): void {
  useEffect(() => {
    const onDragOver = (event: DragEvent) => {
      if (hasFiles(event)) event.preventDefault();
    };
    const onDrop = (event: DragEvent) => {
      if (event.defaultPrevented || !hasFiles(event) || !event.dataTransfer) return;
      event.preventDefault();
      if (services.dialogs.getState().kind === 'none') void open(services, event.dataTransfer);
    };
    window.addEventListener('dragover', onDragOver);
    window.addEventListener('drop', onDrop);
    return () => {
      window.removeEventListener('dragover', onDragOver);
      window.removeEventListener('drop', onDrop);
    };
  }, [services]);
}

function hasFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.includes('Files') === true;
}

async function open(services: Services, transfer: DataTransfer): Promise<void> {
  const { grantFolder, notices } = services;
  const [file] = transfer.files;
  const isFolder = transfer.items.length === 1 && transfer.items[0]?.webkitGetAsEntry?.()?.isDirectory === true;
  if (!grantFolder || !isFolder || !file) return await importDropped(services, transfer);
  const granted = await grantFolder(file);
  if (granted.ok) await openWorkspace(services, { folder: granted.value.folder });
  else showFailure(notices, granted.error, 'open');
}
