import type { Handlers } from '#shared/contract/serve.ts';
import { fail, ok } from '#shared/failure.ts';
import type { FileGrants } from '#workbench/file-grants.ts';
import { version } from '#workbench/version.ts';
import type { HostCall } from '#workbench/workbench.ts';
import type { Downloads } from './downloads.ts';
import { listPlaces } from './places.ts';

/** Returns the handlers of the browser host's own calls. It has no file dialogs; it offers downloads and places instead. */
export function browserCalls(home: string, files: FileGrants, downloads: Downloads): Pick<Handlers, HostCall> {
  const noDialog = () => fail('unsupported', 'This host has no file dialogs', { hint: 'Use those of the browser.' });
  return {
    'app.info': () =>
      ok({
        version,
        host: 'browser',
        platform: process.platform,
        runtime: `Node ${process.versions.node}`,
        home,
      }),
    'dialogs.save': noDialog,
    'dialogs.open': noDialog,
    'downloads.prepare': async ({ suggestedName }) => ok(await downloads.prepare(suggestedName)),
    'places.list': async ({ suggestedName }) => ok({ places: await listPlaces(files, home, suggestedName) }),
  };
}
