import { z } from 'zod';
import { pathProblem } from './document-path.ts';

/*
 * The fields that the schemas of documents consist of. Each says what it expects, since the message is shown with a line of the file,
 * and each has a description, which editors show.
 */

/** Makes a field of text with at most `max` UTF-16 units. */
export function textField(max: number, description: string) {
  return z
    .string({ error: 'must be text; put a number or a word such as true in quotes' })
    .max(max, `must have at most ${max} characters`)
    .meta({ description });
}

/** Makes a field of a whole number. */
export function wholeField(min: number, max: number, description: string) {
  const error = `must be a whole number from ${min} to ${max}`;
  return z.number({ error }).int(error).min(min, error).max(max, error).meta({ description });
}

/** Makes a field that is on or off. */
export function flagField(description: string) {
  return z.boolean({ error: 'must be true or false' }).meta({ description });
}

/** Makes a field of one of several words. */
export function choiceField<const Words extends readonly [string, ...string[]]>(words: Words, description: string) {
  return z.enum(words, { error: `must be one of ${words.join(', ')}` }).meta({ description });
}

/** Makes a field with the path of a file of the workspace, relative to the workspace’s folder. */
export function pathField(description: string) {
  return textField(4_096, description).superRefine((path, context) => {
    const problem = pathProblem(path);
    if (problem === undefined) return;
    context.addIssue({ code: 'custom', message: `must be a path inside the workspace: ${problem}` });
  });
}

/** Makes a list of at most `max` values. */
export function listField<Item extends z.ZodType>(item: Item, max: number, description: string) {
  return z
    .array(item, { error: 'must be a list, each value on its own line after “- ”' })
    .max(max, `must have at most ${max} entries`)
    .meta({ description });
}

/** Makes a group of fields. Other keys are refused; the reader of documents keeps them and says so. */
export function group<Shape extends z.ZodRawShape>(shape: Shape, description: string) {
  return z.strictObject(shape, { error: groupError }).meta({ description });
}

function groupError({ code }: { readonly code?: string | undefined }): string | undefined {
  return code === 'unrecognized_keys' ? undefined : 'must consist of keys and values';
}

/** The name that a document has in the window; its file name where it is left out. */
export const nameField = textField(120, 'Name shown in the window. Default: the name of the file.');
/** A line or more of text for people. */
export const noteField = textField(65_536, 'Note for people. It has no effect.');
/** The colours of an endpoint's mark. */
export const endpointColours = ['red', 'orange', 'yellow', 'green', 'blue', 'purple', 'grey'] as const;
