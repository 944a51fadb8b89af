import type { z } from 'zod';

/**
 * What the schema of a type that is declared apart from it must have: a schema for each of its fields, and no more. The
 * types are declared apart so that a program which parses nothing need not load the schema library.
 */
export type Shape<T> = { readonly [Key in keyof T]-?: z.ZodType<T[Key]> };
