import { z } from 'zod';
import { filesOf } from '../endpoint/configured-files.ts';
import { endpointConfigSchema } from '../endpoint/endpoint-schema.ts';
import { isReference, type ReferenceKind } from './file-reference.ts';

const notChosen = 'Select the file: a path is not accepted';

function referenceSchema(...kinds: readonly ReferenceKind[]) {
  return z.string().refine((text) => kinds.some((kind) => isReference(kind, text)), notChosen);
}

/** A file that the page can have read. */
export const readHandleSchema = referenceSchema('read');
/** A place to which the page can have one file written. */
export const saveHandleSchema = referenceSchema('save');
/** A session file in the app's folder. */
export const storedReferenceSchema = referenceSchema('stored');
/** A file that can be opened as a session: one that was selected, or one of the app's folder. */
export const openableSchema = referenceSchema('read', 'stored');

/** A configuration from a page: it names files by references, not by paths. */
export const pageEndpointConfigSchema = endpointConfigSchema.superRefine((config, context) => {
  for (const { path, reference } of filesOf(config)) {
    const isKnown = isReference('read', reference) || (path[0] === 'behaviour' && isReference('sample', reference));
    if (!isKnown) context.addIssue({ code: 'custom', path: [...path], message: notChosen });
  }
});
