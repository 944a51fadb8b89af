import { referenceName } from '#shared/contract/file-reference.ts';
import { fail } from '#shared/failure.ts';
import type { PickedFile } from '../bridge/transport.ts';
import { endJob, progressJob, putJob, showDone, showFailure } from './notices.ts';
import type { Services } from './services.ts';

/**
 * Lets the user select a file in the host's dialog or, if the host has none, in the browser's; the browser uploads a copy to
 * the engine. `endings` are the preferred file name extensions. Returns `undefined` if no file was selected or it could not
 * be read; a failure is shown.
 */
export async function pickFile(
  services: Services,
  title: string,
  endings: readonly string[] = [],
): Promise<PickedFile | undefined> {
  const { client, notices, upload } = services;
  const purpose = endings.length > 0 ? 'session' : 'file';
  const chosen = await client.call('dialogs.open', { title, purpose });
  if (chosen.ok) {
    const { file } = chosen.value;
    return file === null ? undefined : { handle: file, name: referenceName(file) };
  }
  if (chosen.error.code !== 'unsupported' || !upload) {
    showFailure(notices, chosen.error);
    return undefined;
  }
  const file = await askBrowser(endings);
  return file && uploadFile(services, file);
}

/** Uploads a file from the browser to the engine. Shows its progress, and can be cancelled. */
async function uploadFile({ notices, upload }: Services, file: File): Promise<PickedFile | undefined> {
  if (!upload) {
    showFailure(notices, fail('unsupported', 'This host does not accept files').error);
    return undefined;
  }
  const job = crypto.randomUUID();
  const ending = new AbortController();
  putJob(notices, {
    id: job,
    label: `Reading ${file.name}`,
    done: 0,
    total: file.size,
    unit: 'bytes',
    cancel: () => ending.abort(),
  });
  const progress = (share: number) => progressJob(notices, job, Math.round(share * file.size), file.size);
  const uploaded = await upload(file, progress, ending.signal);
  endJob(notices, job);
  if (uploaded.ok) return { handle: uploaded.value.file, name: file.name };
  if (uploaded.error.code === 'cancelled') showDone(notices, `Reading ${file.name} cancelled`);
  else showFailure(notices, uploaded.error);
  return undefined;
}

/** Shows the browser's file dialog. Resolves to `undefined` if the user cancels it. */
function askBrowser(endings: readonly string[]): Promise<File | undefined> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    if (endings.length > 0) input.accept = [...endings, 'application/octet-stream'].join(',');
    input.onchange = () => resolve(input.files?.[0]);
    input.oncancel = () => resolve(undefined);
    input.click();
  });
}
