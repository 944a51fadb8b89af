import { z } from 'zod';
import { defaultClient, defaultServer } from '#shared/endpoint/endpoint-config.ts';
import { actionKinds } from '#shared/rules/actions/catalogue.ts';
import { transports } from '#shared/socket/transports.ts';
import { formOf } from './endpoint-form.ts';
import type { EndpointForm } from './form-fields.ts';
import { framingChoices } from './framing-form.ts';

const oneOf = {
  transport: transports,
  framing: framingChoices,
  behaviour: actionKinds.map(({ kind }) => kind),
} as const;

const blankForm = (role: EndpointForm['role']) => formOf(role === 'server' ? defaultServer : defaultClient);

/** Parses a form as it is stored: what is left out, or is not a value of its field, has its default. */
export const formSchema = z.looseObject({ role: z.enum(['server', 'client']) }).transform((stored): EndpointForm => {
  const form = blankForm(stored.role);
  const known: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(stored)) {
    const choices: readonly unknown[] | undefined = Object.hasOwn(oneOf, field)
      ? oneOf[field as keyof typeof oneOf]
      : undefined;
    if (!Object.hasOwn(form, field) || typeof value !== typeof form[field as keyof EndpointForm]) continue;
    if (choices === undefined || choices.includes(value)) known[field] = value;
  }
  return { ...form, ...known };
});

/** Returns `form` as it is stored: its role, and what differs from the defaults. */
export function storedForm(form: EndpointForm): Pick<EndpointForm, 'role'> & Partial<EndpointForm> {
  const blank = blankForm(form.role);
  const changed = Object.entries(form).filter(([field, value]) => blank[field as keyof EndpointForm] !== value);
  return { ...Object.fromEntries(changed), role: form.role };
}
