import { transportsWithFiles } from '#shared/endpoint/configured-files.ts';
import type { Transport } from '#shared/socket/transports.ts';
import { thrownFailure } from '../failures.ts';
import { type Driver, isCallFailure } from './driver.ts';
import { type FileOf, findingFiles } from './file-driver.ts';
import { connectCarrier, listenCarrier } from './net-carrier.ts';
import { endsOf, streamOf } from './net-stream.ts';
import type { CertificateStore } from './tls/certificates.ts';

interface DriverOptions {
  /** Where the certificate of this machine is stored; without it, the certificate is kept in memory. */
  readonly folder?: string | undefined;
  /** Finds the files that configurations name; without it, they name paths. */
  readonly fileOf?: FileOf | undefined;
}

/** Returns the drivers by transport. All except TCP's are loaded when they are first used. */
export function createDrivers(options: DriverOptions): (transport: Transport) => Driver {
  let loading: Promise<CertificateStore> | undefined;
  const certificates = () => {
    loading ??= import('./tls/certificates.ts').then(({ CertificateStore }) => new CertificateStore(options.folder));
    return loading;
  };
  const drivers: Record<Transport, Driver> = {
    tcp: guarded(tcpDriver),
    udp: later(async () => (await import('./udp/udp-driver.ts')).udpDriver),
    tls: later(async () => (await import('./tls/tls-driver.ts')).createTlsDriver(await certificates())),
    local: later(async () => (await import('./local-driver.ts')).localDriver),
    ws: later(async () => (await import('./websocket/websocket-driver.ts')).createWebSocketDriver()),
    wss: later(async () => secureWebSocketDriver(await certificates())),
  };
  const { fileOf } = options;
  if (fileOf) {
    for (const transport of transportsWithFiles()) drivers[transport] = findingFiles(drivers[transport], fileOf);
  }
  return (transport) => drivers[transport];
}

async function secureWebSocketDriver(certificates: CertificateStore): Promise<Driver<'wss'>> {
  const [{ createWebSocketDriver }, { secureClient, secureServer }, { prepareClient, prepareServer }] =
    await Promise.all([
      import('./websocket/websocket-driver.ts'),
      import('./tls/tls-layer.ts'),
      import('./tls/tls-context.ts'),
    ]);
  return createWebSocketDriver({
    client: secureClient,
    server: (carrier, config, options) => secureServer(carrier, config, certificates, options),
    prepareClient,
    prepare: (config) => prepareServer(config, certificates),
  });
}

/** Returns a driver whose code is loaded when it is first used. */
function later<Over extends Transport>(load: () => Promise<Driver<Over>>): Driver<Over> {
  let loading: Promise<Driver<Over>> | undefined;
  const driver = () => {
    loading ??= load().catch((error: unknown) => {
      // The next attempt may succeed: the reason may be a missing descriptor.
      loading = undefined;
      throw error;
    });
    return loading;
  };
  return guarded({
    listen: async (config, handlers) => (await driver()).listen(config, handlers),
    prepare: async (config) => (await driver()).prepare?.(config),
    connect: async (config, options) => (await driver()).connect(config, options),
  });
}

/** Returns `driver` with errors that Node throws as failures. */
function guarded<Over extends Transport>(driver: Driver<Over>): Driver<Over> {
  return {
    async listen(config, handlers) {
      try {
        return await driver.listen(config, handlers);
      } catch (error) {
        return thrownFailure(error, 'listen');
      }
    },
    async prepare(config) {
      try {
        return await driver.prepare?.(config);
      } catch (error) {
        return thrownFailure(error, 'open');
      }
    },
    async connect(config, options) {
      try {
        return await driver.connect(config, options);
      } catch (error) {
        return thrownFailure(error, 'connect');
      }
    },
  };
}

/** TCP (RFC 9293). */
export const tcpDriver: Driver<'tcp'> = {
  async listen(config, handlers) {
    const { host, port, bind, backlog, tcp } = config;
    const { maxConnections } = config.limits;
    const listening = await listenCarrier(
      { target: { host, port, bind }, backlog, maxConnections, tcp, plain: true },
      { ...handlers, accepted: (socket) => handlers.accepted(streamOf(socket, endsOf(socket))) },
    );
    if (isCallFailure(listening)) return listening;
    const { local } = listening;
    return { ...listening, event: { kind: 'listening', local, backlog } };
  },

  async connect(config, { address, signal }) {
    const { localHost, localPort, connectTimeoutMs: timeoutMs, tcp } = config;
    const socket = await connectCarrier({ address, localHost, localPort, timeoutMs, signal, tcp, plain: true });
    return isCallFailure(socket) ? socket : streamOf(socket, endsOf(socket));
  },
};
