import { z } from 'zod';
import { checksumVerdicts, kindCodes, type Mark, type Row, type SocketInfo } from '../record/record.ts';
import type { Address } from '../socket/address.ts';
import { eventKinds, type SocketEvent } from '../socket/event.ts';
import type { Field, FieldMap, Form } from '../socket/events/event-kind.ts';
import { transports } from '../socket/transports.ts';

/* The events of records as the page receives them, from the fields in the descriptors. */

const addressSchema: z.ZodType<Address> = z.object({
  host: z.string(),
  port: z.number(),
  family: z.union([z.literal(4), z.literal(6), z.literal('local')]),
});

function schemaOf(form: Form): z.ZodType {
  switch (form.is) {
    case 'text':
      return z.string();
    case 'number':
      return z.number();
    case 'flag':
      return z.boolean();
    case 'address':
      return addressSchema;
    case 'one-of':
      return z.enum(form.words);
    case 'list':
      return z.array(schemaOf(form.of));
    case 'object':
      return z.object(shapeOf(form.fields));
  }
}

function shapeOf(fields: FieldMap): Record<string, z.ZodType> {
  const schema = (field: Field) => (field.isOptional ? schemaOf(field).optional() : schemaOf(field));
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, schema(field)]));
}

const [first, ...others] = eventKinds.map(({ kind, fields }) =>
  z.object({ ...shapeOf(fields), kind: z.literal(kind) }),
);
if (!first) throw new Error('there are no kinds of event');

export const socketEventSchema = z.discriminatedUnion('kind', [
  first,
  ...others,
]) as z.ZodType as z.ZodType<SocketEvent>;

/* Records as the page receives them. Each schema is checked against its interface. */

export const rowSchema: z.ZodType<Row> = z.object({
  seq: z.number(),
  at: z.number(),
  kind: z.enum(Object.keys(kindCodes) as [Row['kind'], ...Row['kind'][]]),
  socket: z.number(),
  offset: z.number(),
  length: z.number(),
  head: z.number(),
  tail: z.number(),
  flags: z.number(),
  preview: z.string(),
  checksum: z.enum(checksumVerdicts).optional(),
  event: socketEventSchema.optional(),
  mark: z.object({ bookmarked: z.boolean(), note: z.string() }).optional(),
});

export const socketInfoSchema: z.ZodType<SocketInfo> = z.object({
  id: z.number(),
  role: z.enum(['listener', 'accepted', 'outgoing']),
  transport: z.enum(transports),
  endpoint: z.string(),
  name: z.string(),
  local: z.string(),
  peer: z.string(),
  framing: z.string(),
  unconnected: z.boolean().optional(),
  checksum: z.string().optional(),
  program: z.string().optional(),
});

export const markSchema: z.ZodType<Mark> = z.object({ seq: z.number(), bookmarked: z.boolean(), note: z.string() });
