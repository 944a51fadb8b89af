import { explain } from '#shared/rules/actions/catalogue.ts';
import { usesTls } from '#shared/socket/transports.ts';
import { behaviourOf } from '../../client/endpoint-form.ts';
import type { EndpointForm } from '../../client/form-fields.ts';
import { strings } from './strings.ts';

/** Returns the most important options for the button that opens them; may be empty. */
export function summaryOf(form: EndpointForm): string {
  const words: string[] = [];
  if (form.role === 'server') words.push(explain(behaviourOf(form)));
  else if (usesTls(form.transport) && !form['tls.verify']) words.push(strings.summary.unverified);
  if (form.transport === 'udp' && form['udp.group'] !== '') words.push(strings.summary.group(form['udp.group']));
  if (form.role === 'client' && form['reconnect.kind'] !== 'off') words.push(strings.summary.reconnects);
  return words.join(' · ');
}

export const transportChoices: readonly { readonly value: EndpointForm['transport']; readonly label: string }[] = [
  { value: 'tcp', label: strings.transports.tcp },
  { value: 'tls', label: strings.transports.tls },
  { value: 'udp', label: strings.transports.udp },
  { value: 'local', label: strings.transports.local },
  { value: 'ws', label: strings.transports.ws },
  { value: 'wss', label: strings.transports.wss },
];
