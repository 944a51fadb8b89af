import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type BrowserHost, type BrowserHostOptions, startBrowserHost } from '#hosts/browser/server.ts';
import type { FileGrants } from '#workbench/file-grants.ts';
import { fakeWorkbench } from './fake-workbench.ts';

/** A browser host over a fake workbench and a small page, for one test. */
export interface TestHost extends BrowserHost {
  readonly home: string;
  /** What the page was granted. */
  readonly files: FileGrants;
}

/** Starts a host on a free port; it is closed, and its folders are deleted, when the test ends. */
export async function startTestHost(options: Partial<BrowserHostOptions> = {}): Promise<TestHost> {
  const folder = await mkdtemp(join(tmpdir(), 'wirebench-host-'));
  const renderer = join(folder, 'page');
  const home = options.home ?? join(folder, 'home');
  await mkdir(join(renderer, 'assets'), { recursive: true });
  await writeFile(join(renderer, 'index.html'), '<!doctype html><title>Wirebench</title>');
  await writeFile(join(renderer, 'assets', 'index-abc.js'), 'export {};');
  await writeFile(join(folder, 'secret.js'), 'not for the page');
  const workbench = options.workbench ?? fakeWorkbench();
  const started = await startBrowserHost({ renderer, port: 0, ...options, workbench, home });
  if (!started.ok) throw new Error(started.error.system);
  const host = started.value;
  onTestFinished(async () => {
    await host.close();
    await rm(folder, { recursive: true, force: true });
  });
  return { ...host, home, files: workbench.files };
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** One HTTP request exactly as given: `fetch` would correct the path and refuse the headers that these tests are about. */
export function ask(
  port: number,
  path: string,
  { method = 'GET', headers = {}, body }: { method?: string; headers?: Record<string, string>; body?: Uint8Array } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    // Refused WebSockets are answered as plain HTTP; accepted ones are not what these tests ask for.
    asked.on('upgrade', (response, socket) => {
      socket.destroy();
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: '' });
    });
    asked.on('error', reject);
    asked.end(body);
  });
}
