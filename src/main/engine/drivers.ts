import type { Transport } from '#shared/contract/endpoint-config.ts';
import type { Driver } from './driver.ts';
import { tcpDriver } from './tcp-driver.ts';

export interface DriverOptions {
  /** Where a certificate that was made for this machine is kept; without it, in memory. */
  readonly folder?: string | undefined;
}

/** The driver of each transport. All but TCP's are loaded when they are first used. */
export function createDrivers(_options: DriverOptions): (transport: Transport) => Driver {
  return () => tcpDriver;
}
