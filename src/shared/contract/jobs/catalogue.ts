import { z } from 'zod';
import { listJob } from './list.ts';
import { oneShotJob } from './one-shot.ts';
import { repeatJob } from './repeat.ts';

/** Every kind of job that a page can start. */
const jobSchemas = [repeatJob, listJob, oneShotJob] as const;

type Schemas = readonly { readonly input: z.ZodObject; readonly view: z.ZodObject }[];
type Inputs<List extends Schemas> = { readonly [At in keyof List]: List[At]['input'] };
type Views<List extends Schemas> = { readonly [At in keyof List]: List[At]['view'] };

const inputs = jobSchemas.map(({ input }) => input) as unknown as Inputs<typeof jobSchemas>;
const views = jobSchemas.map(({ view }) => view) as unknown as Views<typeof jobSchemas>;
export const jobInputSchema = z.discriminatedUnion('kind', inputs);
export const jobViewSchema = z.discriminatedUnion('kind', views);

type AnyJobView = z.infer<typeof jobViewSchema>;
export type JobKind = AnyJobView['kind'];
export type JobView<Kind extends JobKind = JobKind> = Extract<AnyJobView, { kind: Kind }>;
export type JobInput<Kind extends JobKind = JobKind> = Extract<z.infer<typeof jobInputSchema>, { kind: Kind }>;
