import { z } from 'zod';
import { filesOf } from '../endpoint/configured-files.ts';
import { endpointConfigSchema } from '../endpoint/endpoint-schema.ts';
import { isReference, type ReferenceKind } from './file-reference.ts';

const notChosen = 'choose the file: a path is not accepted';

function referenceSchema(...kinds: readonly ReferenceKind[]) {
  return z.string().refine((text) => kinds.some((kind) => isReference(kind, text)), notChosen);
}

/** A file that the page may have read. */
export const readHandleSchema = referenceSchema('read');
/** A place to which the page may have one file written. */
export const saveHandleSchema = referenceSchema('save');
/** A session file in the app's folder. */
export const storedReferenceSchema = referenceSchema('stored');
/** What can be opened as a session: a file that was chosen, or one of the app's folder. */
export const openableSchema = referenceSchema('read', 'stored');

/** A configuration as a page gives it: the files in it are named by references, not by paths. */
export const pageEndpointConfigSchema = endpointConfigSchema.superRefine((config, context) => {
  for (const { path, reference } of filesOf(config)) {
    const isKnown = isReference('read', reference) || (path[0] === 'behaviour' && isReference('sample', reference));
    if (!isKnown) context.addIssue({ code: 'custom', path: [...path], message: notChosen });
  }
});
