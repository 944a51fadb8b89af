import { hostPaths } from '#shared/contract/wire.ts';
import { fail, type Result } from '#shared/failure.ts';

/** Uploads `file` to the browser host, which keeps it until it exits. `onProgress` receives a value from 0 to 1; `signal` cancels. */
export function uploadFile(
  token: string,
  file: File,
  onProgress: (share: number) => void = () => {},
  signal?: AbortSignal,
): Promise<Result<{ file: string }>> {
  return new Promise((resolve) => {
    // XMLHttpRequest, because `fetch` does not report upload progress.
    const request = new XMLHttpRequest();
    request.open('POST', `${hostPaths.upload}?name=${encodeURIComponent(file.name)}`);
    request.setRequestHeader('authorization', `Bearer ${token}`);
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.upload.onprogress = ({ loaded, total }) => onProgress(total === 0 ? 1 : loaded / total);
    request.onload = () => resolve(readAnswer(request.responseText, request.status));
    request.onerror = () =>
      resolve(
        fail('disconnected', `Could not upload “${file.name}”`, { hint: 'Check that Wirebench is still running.' }),
      );
    request.onabort = () => resolve(fail('cancelled', `Uploading “${file.name}” cancelled`));
    signal?.addEventListener('abort', () => request.abort(), { once: true });
    request.send(file);
  });
}

function readAnswer(text: string, status: number): Result<{ file: string }> {
  try {
    // The host's answer is a `Result`, written by `uploads.ts`.
    return JSON.parse(text) as Result<{ file: string }>;
  } catch {
    return fail('internal', 'Could not upload the file', { system: `the host answered HTTP ${status}` });
  }
}
