import type { Transport } from '#shared/contract/endpoint-config.ts';
import type { Driver } from './driver.ts';
import { tcpDriver } from './tcp-driver.ts';

export interface DriverOptions {
  /** Where a certificate that was made for this machine is kept; without it, in memory. */
  readonly folder?: string | undefined;
}

/** The driver of each transport. All but TCP's are loaded when they are first used. */
export function createDrivers(_options: DriverOptions): (transport: Transport) => Driver {
  const drivers: Record<Transport, Driver> = {
    tcp: tcpDriver,
    udp: later(async () => (await import('./udp/udp-driver.ts')).udpDriver),
    tls: tcpDriver,
    local: tcpDriver,
    ws: tcpDriver,
    wss: tcpDriver,
  };
  return (transport) => drivers[transport];
}

/** A driver whose code is loaded when it is first used. */
function later(load: () => Promise<Driver>): Driver {
  let loading: Promise<Driver> | undefined;
  const driver = () => {
    loading ??= load();
    return loading;
  };
  return {
    listen: async (config, handlers) => (await driver()).listen(config, handlers),
    connect: async (config, options) => (await driver()).connect(config, options),
  };
}
