/*
 * A page never names a file by its path. A file that the user selected in a dialog of the host, or dropped on the page, has a handle
 * that cannot be guessed. Files that ship with Wirebench and the sessions of its folder have names.
 */

/** The prefix of each kind of reference. */
export const referencePrefixes = {
  /** A file that can be read: `file:RANDOM/NAME`. */
  read: 'file:',
  /** A place to write one file to: `save:RANDOM/NAME`. */
  save: 'save:',
  /** A folder that can be opened as a workspace: `folder:RANDOM/NAME`. */
  folder: 'folder:',
  /** A document that ships with Wirebench: `sample:data.json`. */
  sample: 'sample:',
  /** A session file in the app's folder: `stored:NAME.wirebench`. */
  stored: 'stored:',
} as const;
export type ReferenceKind = keyof typeof referencePrefixes;

/** The extension of a session file. */
export const sessionExtension = '.wirebench';

const name = String.raw`[^/\\\u0000-\u001f\u007f]{1,255}`;
const handle = String.raw`[\w-]{22}/${name}`;
const forms: Readonly<Record<ReferenceKind, RegExp>> = {
  read: new RegExp(`^${referencePrefixes.read}${handle}$`),
  save: new RegExp(`^${referencePrefixes.save}${handle}$`),
  folder: new RegExp(`^${referencePrefixes.folder}${handle}$`),
  sample: new RegExp(`^${referencePrefixes.sample}${name}$`),
  stored: new RegExp(`^${referencePrefixes.stored}${name}\\${sessionExtension}$`),
};

/** Returns true if `text` has the form of a reference of this kind. Does not check that the file exists. */
export function isReference(kind: ReferenceKind, text: string): boolean {
  return forms[kind].test(text);
}

/** Returns the name for display: the part after the last separator or the prefix. */
export function referenceName(reference: string): string {
  const at = Math.max(reference.lastIndexOf('/'), reference.lastIndexOf('\\'));
  if (at >= 0) return reference.slice(at + 1);
  const prefix = Object.values(referencePrefixes).find((one) => reference.startsWith(one)) ?? '';
  return reference.slice(prefix.length);
}
