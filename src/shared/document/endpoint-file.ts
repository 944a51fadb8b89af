import { z } from 'zod';
import { optionCatalogue } from '../endpoint/options/catalogue.ts';
import type { EndpointOption } from '../endpoint/options/option.ts';
import { framingUsage, parseFraming } from '../framing/spec.ts';
import { type Action, actionKinds } from '../rules/actions/catalogue.ts';
import { transports } from '../socket/transports.ts';
import { nameError, namePattern } from './document-path.ts';
import {
  choiceField,
  endpointColours,
  flagField,
  group,
  listField,
  noteField,
  textField,
  wholeField,
} from './file-fields.ts';

/*
 * The schema of an endpoint's file, from the catalogue of options. It has the options of all roles and transports, so that an editor can
 * explain each; what one of them means for an endpoint, and whether its value fits, is checked when a configuration is made of the file.
 */

export type EndpointColour = (typeof endpointColours)[number];

const referenceName = z.string({ error: nameError }).regex(namePattern, nameError);
const local = z.looseObject({ local: referenceName });
const secret = z.looseObject({ secret: referenceName });

function helpOf({ label, row }: EndpointOption): string {
  return row ? `${label}. ${row.help}` : label;
}

/** Makes the field of an option with the values that any of `options`, those of its path, accepts. */
function fieldOf(options: readonly [EndpointOption, ...EndpointOption[]]): z.ZodType {
  const [option] = options;
  const { path, schema, label } = option;
  const help = helpOf(option);
  if (path === 'tls.passphrase') {
    return secretField('must be { secret: NAME }: a file must not contain a passphrase', help);
  }
  if (path === 'ws.path') {
    return z.union([z.string(), secret], { error: 'must be text, or { secret: NAME }' }).meta({ description: help });
  }
  if (path === 'ws.headers') return headersField(help);
  switch (schema.type) {
    case 'flag':
      return flagField(help);
    case 'whole': {
      const bounds = options.flatMap((one) => (one.schema.type === 'whole' ? [one.schema] : []));
      return wholeField(Math.min(...bounds.map(({ min }) => min)), Math.max(...bounds.map(({ max }) => max)), help);
    }
    case 'text':
      return option.row?.control === 'file' ? fileField(help) : textField(schema.max, help);
    case 'choice': {
      const [first = '', ...others] = schema.choices.map(({ value }) => value);
      return choiceField([first, ...others], help);
    }
    case 'list':
      return listField(z.string({ error: `${label} must be texts` }), schema.max, help);
    case 'framing':
      return textField(1_024, `${help} Spelled as on the command line: ${framingUsage}.`).refine(
        (text) => parseFraming(text) !== undefined,
        'is not a framing, such as line:crlf or len:4be (docs/framing.md)',
      );
    case 'behaviour':
      return behaviourField(help);
  }
}

function secretField(error: string, description: string): z.ZodType {
  return z
    .looseObject({ secret: referenceName }, { error: ({ code }) => (code === 'invalid_type' ? error : undefined) })
    .meta({ description });
}

function fileField(help: string): z.ZodType {
  const description = `${help} A path in the workspace, or { local: NAME } for a file of each machine.`;
  return z
    .union([z.string().max(4_096), local], { error: 'must be a path in the workspace, or { local: NAME }' })
    .meta({ description });
}

function headersField(description: string): z.ZodType {
  const header = z.looseObject({ header: z.string().max(256), secret: referenceName });
  const error = 'must be “Name: value” in quotes, or { header: Name, secret: NAME }';
  return listField(z.union([z.string(), header], { error }), 50, description);
}

const [firstKind = 'reply', ...otherKinds] = actionKinds.map(({ kind }) => kind);

const behaviour = group(
  {
    kind: choiceField([firstKind, ...otherKinds], 'What the server does with each message that it receives.'),
    text: textField(1_048_576, 'Of reply: the text to send back.').optional(),
    path: fileField(
      'Of reply-file: the file to send back, or sample:NAME for one that ships with Wirebench.',
    ).optional(),
  },
  'What the server sends back.',
);

function behaviourField(description: string): z.ZodType {
  return behaviour.meta({ description });
}

function fields(): Record<string, z.ZodType> {
  const byPath = new Map<string, [EndpointOption, ...EndpointOption[]]>();
  for (const option of optionCatalogue as readonly EndpointOption[]) {
    if (option.path === 'tls.passphraseSet') continue;
    const known = byPath.get(option.path);
    if (known) known.push(option);
    else byPath.set(option.path, [option]);
  }
  const shape: Record<string, z.ZodType> = {};
  const blocks = new Map<string, Record<string, z.ZodType>>();
  for (const [path, options] of byPath) {
    const [first = '', second] = path.split('.');
    const field = fieldOf(options).optional();
    if (second === undefined) shape[first] = field;
    else blocks.set(first, { ...blocks.get(first), [second]: field });
  }
  for (const [name, block] of blocks) shape[name] = group(block, `Options of the block ${name}.`).optional();
  return shape;
}

/** The data of an endpoint's file. It has other options under their paths. */
export interface EndpointFile {
  readonly role: 'server' | 'client';
  readonly transport: (typeof transports)[number];
  readonly colour?: EndpointColour | undefined;
  readonly note?: string | undefined;
  readonly behaviour?:
    | { readonly kind: Action['kind']; readonly text?: string; readonly path?: string | { readonly local: string } }
    | undefined;
}

// The fields of the options are made at run time; `valueAt` reads them by their paths.
export const endpointFileSchema = group(
  {
    role: choiceField(['server', 'client'], 'server: listens. client: connects.'),
    transport: choiceField(transports, 'What carries the bytes.'),
    colour: choiceField(endpointColours, 'Colour of its mark in the window.').optional(),
    note: noteField.optional(),
    ...fields(),
  },
  'An endpoint: a server that listens, or a client that connects. What is left out has its default.',
) as unknown as z.ZodType<EndpointFile>;
