import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { type DesktopTransport, transportKey } from '#shared/contract/transport.ts';

const transport: DesktopTransport = {
  call: (name, input) => ipcRenderer.invoke('call', name, input),
  // A file that a script has made has an empty path.
  grantFolder: (file) => ipcRenderer.invoke('grant-folder', webUtils.getPathForFile(file as File)),
  subscribe(listener) {
    const forward = (_: unknown, event: unknown) => listener(event);
    ipcRenderer.on('event', forward);
    return () => {
      ipcRenderer.removeListener('event', forward);
    };
  },
};

contextBridge.exposeInMainWorld(transportKey, transport);
