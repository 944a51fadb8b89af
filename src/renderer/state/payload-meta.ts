import type { DocumentValue } from '#shared/contract/documents.ts';
import { metaPathOf } from '#shared/document/kinds/payload.ts';
import { fail, ok, type Result } from '#shared/failure.ts';
import { type Draft, formFields, isSameForm, type SavedForm, usualLineEnd } from './drafts.ts';
import type { Services } from './services.ts';

/*
 * The meta file of a payload: what its bytes do not say. The composer edits a part of it, and keeps the rest.
 */

type Meta = Extract<DocumentValue, { kind: 'payload-meta' }>;

/** What the composer knows of the meta file of a payload. */
interface ReadMeta {
  readonly form: SavedForm;
  /** The version of the meta file; `new` without one. */
  readonly version: string;
  /** Why the file cannot be read. It is never overwritten then. */
  readonly problem: string | undefined;
}

/** The framing that adds nothing. */
const noFraming = 'raw';
const usualMeta: Meta = { kind: 'payload-meta', template: false, encoding: 'utf-8' };

/** Returns what holds for a payload with `text` and without a meta file. */
export function usualForm(text: string): SavedForm {
  return formOf(usualMeta, text);
}

function formOf({ template, encoding, checksum, framing, lineEnds = 'lf' }: Meta, text: string): SavedForm {
  const frame = framing !== noFraming;
  return {
    ...{ template, encoding, checksum, frame, framing: frame ? framing : undefined },
    lineEnd: usualLineEnd(text, lineEnds),
  };
}

/** Reads the meta file of the payload at `path`. `form` has the line end for a text without line ends. */
export async function readMeta({ client, workspace }: Services, path: string): Promise<ReadMeta> {
  const metaPath = metaPathOf(path);
  const listed = workspace.getState().documents.get(metaPath);
  if (!listed) return { form: usualForm(''), version: 'new', problem: undefined };
  const read = await client.call('documents.value', { path: metaPath });
  if (!read.ok) {
    const problem = `The meta file of this payload is not used: ${read.error.system || read.error.message}`;
    return { form: usualForm(''), version: listed.version, problem };
  }
  const { value, version } = read.value;
  return { form: formOf(value.kind === 'payload-meta' ? value : usualMeta, ''), version, problem: undefined };
}

/** Combines the settings of a draft with those that are on the disk now: each keeps what was changed since `savedForm`. */
export function mergedForm(
  draft: Draft,
  theirs: SavedForm,
): { readonly form: SavedForm; readonly isConflict: boolean } {
  const base = draft.savedForm;
  if (!base) return { form: theirs, isConflict: false };
  const mine = formFields.filter((field) => isChanged(draft, base, field));
  const kept = Object.fromEntries(mine.map((field) => [field, draft[field]]));
  const isConflict = mine.some((field) => isChanged(theirs, base, field) && isChanged(draft, theirs, field));
  return { form: { ...theirs, ...kept }, isConflict };
}

function isChanged(form: SavedForm, base: SavedForm, field: (typeof formFields)[number]): boolean {
  return !isSameForm({ ...base, [field]: form[field] }, base);
}

/**
 * Saves the settings of a draft in the meta file of the payload at `path`: those that differ from `savedForm`, or all for a new payload.
 * Returns the version of the meta file, `new` if none is needed, and whether it was written. A meta file that cannot be read is not
 * changed, which is a failure.
 */
export async function saveMeta(
  { client, workspace }: Services,
  path: string,
  draft: Draft,
): Promise<Result<{ readonly version: string; readonly isWritten: boolean }>> {
  const metaPath = metaPathOf(path);
  const base = path === draft.document ? draft.savedForm : undefined;
  let exists = workspace.getState().documents.has(metaPath);
  const isNothingNew = isSameForm(draft, base ?? usualForm(draft.text));
  if (isNothingNew && (base !== undefined || !exists))
    return ok({ version: base ? draft.metaVersion : 'new', isWritten: false });
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const read = exists ? await client.call('documents.value', { path: metaPath }) : undefined;
    if (read && !read.ok) return read;
    const before = read?.value.value.kind === 'payload-meta' ? read.value.value : usualMeta;
    const value = withForm(before, draft, base);
    const basedOn = read?.value.version ?? 'new';
    const saved = await client.call('documents.put', { path: metaPath, value, basedOn });
    if (!saved.ok) return saved;
    if (saved.value.kind === 'saved') return ok({ version: saved.value.version, isWritten: true });
    // Another program wrote it in between: its changes are kept.
    exists = saved.value.theirs !== undefined;
  }
  const system = 'another program writes the same file';
  return fail('file', `Could not save “${metaPath}”`, { system, hint: 'Save again.' });
}

/** Returns `before` with the settings of a draft that differ from `base`. */
function withForm(before: Meta, draft: Draft, base: SavedForm | undefined): Meta {
  const differs = (field: (typeof formFields)[number]) => !base || isChanged(draft, base, field);
  const { text, format, template, encoding, checksum, frame, framing, lineEnd } = draft;
  const isUsualEnd = lineEnd === usualLineEnd(text, 'lf') && lineEnd !== before.lineEnds;
  return {
    ...before,
    ...(differs('template') && { template }),
    // The bytes of hex have no encoding.
    ...(differs('encoding') && format !== 'hex' && { encoding }),
    ...(differs('checksum') && { checksum }),
    ...((differs('frame') || differs('framing')) && { framing: frame ? framing : noFraming }),
    ...(differs('lineEnd') && { lineEnds: isUsualEnd ? undefined : lineEnd }),
  };
}
