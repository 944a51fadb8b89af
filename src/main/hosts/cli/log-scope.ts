import type { Scope } from '#shared/contract/models.ts';

/** The options of `log show`, `export` and `stats` that select records. */
export interface ScopeOptions {
  readonly filter?: string | undefined;
  readonly socket?: readonly number[] | undefined;
  readonly direction?: 'in' | 'out' | undefined;
}

/** Returns the options as the scope of an export. */
export function scopeOf({ filter, socket, direction }: ScopeOptions): Scope {
  return {
    ...(filter === undefined ? undefined : { filter }),
    ...(socket === undefined ? undefined : { sockets: [...socket] }),
    ...(direction === undefined ? undefined : { direction }),
  };
}

/** Returns the options as one filter; `undefined` if they select all records. */
export function filterOf({ filter, socket, direction }: ScopeOptions): string | undefined {
  const parts: string[] = [];
  if (filter !== undefined && filter.trim() !== '') parts.push(`(${filter})`);
  if (socket !== undefined) parts.push(`socket in {${socket.join(', ')}}`);
  if (direction !== undefined) parts.push(direction);
  // A filter alone stays as the user wrote it, because failures quote it.
  if (parts.length === 1 && socket === undefined && direction === undefined) return filter;
  return parts.length === 0 ? undefined : parts.join(' && ');
}
