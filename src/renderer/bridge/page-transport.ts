import { transportKey } from '#shared/contract/transport.ts';
import type { Result } from '#shared/failure.ts';
import { type PageTransport, takeToken, uploadFile } from './transport.ts';
import { connectSocket } from './transport-socket.ts';

/** Connects to the engine: through the desktop app's preload, or by a WebSocket to the browser host. */
function connectTransport(): PageTransport {
  const exposed = window[transportKey];
  if (exposed) {
    return {
      call: (name, input) => exposed.call(name, input),
      subscribe: (listener) => exposed.subscribe(listener),
      // The main process answers a `Result`; a handle that it did not create grants nothing.
      grantFolder: async (file) => (await exposed.grantFolder(file)) as Result<{ folder: string }>,
      connection: 'open',
      onConnection: () => () => {},
    };
  }
  return connectSocket({
    address: location.origin,
    token: takeToken,
    upload: uploadFile,
    onNewToken: (listener) => window.addEventListener('hashchange', listener),
  });
}

/** The page's connection. Created when this module loads, so that it opens while the rest of the page loads. */
export const pageTransport = connectTransport();
