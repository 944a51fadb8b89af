import type { z } from 'zod';
import { ok, type Result } from '../../failure.ts';
import { group, nameField, noteField, wholeField } from '../file-fields.ts';
import { yamlKind } from '../yaml-kind.ts';

/** The version of the format that this Wirebench writes, and the highest that it reads. */
export const workspaceVersion = 1;

const schema = group(
  {
    version: wholeField(1, Number.MAX_SAFE_INTEGER, 'Version of the format of this workspace.'),
    name: nameField.optional(),
    note: noteField.optional(),
  },
  'A workspace of Wirebench: the folder that contains this file.',
);

/** What a workspace says of itself. */
export type Workspace = z.infer<typeof schema>;

const place = { kind: 'workspace', label: 'workspace', folder: '', endings: ['wirebench.yaml'] } as const;

/** `wirebench.yaml`, the file that makes a folder a workspace. */
export const workspaceKind = yamlKind({
  ...place,
  schema,
  read(file) {
    if (file.version <= workspaceVersion) return { ok: true, value: file };
    const what = `this workspace has version ${file.version}; this Wirebench reads ${workspaceVersion}`;
    return { ok: false, issue: { path: ['version'], what, hint: 'Update Wirebench.' } };
  },
  write: ({ version, name, note }) => ({ file: { version, name, note } }),
});

const anyVersion = yamlKind({
  ...place,
  schema,
  read: (file) => ({ ok: true, value: file }),
  write: (file) => ({ file }),
});

/**
 * Fails with `bad-input` if the manifest `bytes` names a version that this Wirebench does not read. A manifest with another mistake is
 * accepted: it is listed with its error, and can be corrected.
 */
export function checkVersion(bytes: Uint8Array): Result<void> {
  const manifest = anyVersion.parse(bytes, { path: 'wirebench.yaml' });
  if (!manifest.ok || manifest.value.value.version <= workspaceVersion) return ok(undefined);
  const refused = workspaceKind.parse(bytes, { path: 'wirebench.yaml' });
  return refused.ok ? ok(undefined) : refused;
}
