import type { Scope } from '#shared/contract/models.ts';

/** Which records are meant, as `log show`, `export` and `stats` take it. */
export interface ScopeOptions {
  readonly filter?: string | undefined;
  readonly socket?: readonly number[] | undefined;
  readonly direction?: 'in' | 'out' | undefined;
}

/** The options as exports take them. */
export function scopeOf({ filter, socket, direction }: ScopeOptions): Scope {
  return {
    ...(filter === undefined ? undefined : { filter }),
    ...(socket === undefined ? undefined : { sockets: [...socket] }),
    ...(direction === undefined ? undefined : { direction }),
  };
}

/** The options as one filter; `undefined` where all records are meant. */
export function filterOf({ filter, socket, direction }: ScopeOptions): string | undefined {
  const parts: string[] = [];
  if (filter !== undefined && filter.trim() !== '') parts.push(`(${filter})`);
  if (socket !== undefined) parts.push(`socket in {${socket.join(', ')}}`);
  if (direction !== undefined) parts.push(direction);
  // The filter alone stays as it was written: failures name it.
  if (parts.length === 1 && socket === undefined && direction === undefined) return filter;
  return parts.length === 0 ? undefined : parts.join(' && ');
}
