import { z } from 'zod';
import { repeatJob } from './repeat.ts';

/** Every kind of job that a page can start. */
const jobSchemas = [repeatJob] as const;

type Schemas = readonly { readonly input: z.ZodObject; readonly view: z.ZodObject }[];
type Inputs<List extends Schemas> = { readonly [At in keyof List]: List[At]['input'] };
type Views<List extends Schemas> = { readonly [At in keyof List]: List[At]['view'] };

const inputs = jobSchemas.map(({ input }) => input) as unknown as Inputs<typeof jobSchemas>;
const views = jobSchemas.map(({ view }) => view) as unknown as Views<typeof jobSchemas>;
export const jobInputSchema = z.discriminatedUnion('kind', inputs);
export const jobViewSchema = z.discriminatedUnion('kind', views);

export type JobView = z.infer<typeof jobViewSchema>;
export type JobKind = JobView['kind'];
export type JobInput<Kind extends JobKind = JobKind> = Extract<z.infer<typeof jobInputSchema>, { kind: Kind }>;
