import { hidden, replaceHidden } from '#shared/bytes/hidden.ts';
import type { Scope, SessionView } from '#shared/contract/models.ts';
import { exportFormatOf, type SaveFormat } from '#shared/export/export-formats.ts';

/** Returns a file name without characters that file systems reject and without invisible characters. */
export function suggestedName({ name }: SessionView, format: SaveFormat, scope: Scope = {}): string {
  const plain =
    replaceHidden(name, hidden, () => '')
      .replace(/\.wirebench$/, '')
      .replace(/[/\\:*?"<>|]/g, '-') || 'session';
  const [socket] = scope.sockets ?? [];
  const part = socket === undefined ? '' : `-socket-${socket}`;
  const way = scope.direction === undefined ? '' : `-${scope.direction}`;
  const descriptor = exportFormatOf(format);
  const { extension } = descriptor.fileOf?.(scope) ?? descriptor;
  return `${plain}${part}${way}.${extension}`;
}
