import type { SystemOption } from '#shared/contract/models.ts';

/** The options of sockets as this system has them. */
export function systemOptions(): Promise<SystemOption[]> {
  return Promise.resolve([]);
}
