import { contextBridge, ipcRenderer } from 'electron';
import { type Transport, transportKey } from '#shared/contract/transport.ts';

const transport: Transport = {
  call: (name, input) => ipcRenderer.invoke('call', name, input),
  subscribe(listener) {
    const forward = (_: unknown, event: unknown) => listener(event);
    ipcRenderer.on('event', forward);
    return () => {
      ipcRenderer.removeListener('event', forward);
    };
  },
};

contextBridge.exposeInMainWorld(transportKey, transport);
