import { hostPaths } from '#shared/contract/wire.ts';
import { fail, type Result } from '#shared/failure.ts';

/** Sends `file` to the browser host, which keeps it until it exits. `onProgress` hears a share from 0 to 1; `signal` ends it. */
export function uploadFile(
  token: string,
  file: File,
  onProgress: (share: number) => void = () => {},
  signal?: AbortSignal,
): Promise<Result<{ file: string }>> {
  return new Promise((resolve) => {
    // XMLHttpRequest, because `fetch` tells nothing of how far an upload is.
    const request = new XMLHttpRequest();
    request.open('POST', `${hostPaths.upload}?name=${encodeURIComponent(file.name)}`);
    request.setRequestHeader('authorization', `Bearer ${token}`);
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.upload.onprogress = ({ loaded, total }) => onProgress(total === 0 ? 1 : loaded / total);
    request.onload = () => resolve(readAnswer(request.responseText, request.status));
    request.onerror = () =>
      resolve(fail('disconnected', `Could not hand over “${file.name}”`, { hint: 'Is Wirebench still running?' }));
    request.onabort = () => resolve(fail('cancelled', `Handing over “${file.name}” was cancelled`));
    signal?.addEventListener('abort', () => request.abort(), { once: true });
    request.send(file);
  });
}

function readAnswer(text: string, status: number): Result<{ file: string }> {
  try {
    // The host's own answer: a `Result`, written by `uploads.ts`.
    return JSON.parse(text) as Result<{ file: string }>;
  } catch {
    return fail('internal', 'Could not hand over the file', { system: `the host answered HTTP ${status}` });
  }
}
