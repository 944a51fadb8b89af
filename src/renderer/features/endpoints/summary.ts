import { usesTls } from '#shared/socket/transports.ts';
import type { EndpointForm } from '../../client/form-fields.ts';

const behaviours: Readonly<Record<EndpointForm['behaviour'], string>> = {
  silent: 'silent',
  echo: 'echo',
  reply: 'replies with text',
  'reply-file': 'replies with a file',
};

/** What of the options one wants to know without opening them, for the button that does; empty where there is nothing. */
export function summaryOf(form: EndpointForm): string {
  const words: string[] = [];
  if (form.role === 'server') words.push(behaviours[form.behaviour]);
  else if (usesTls(form.transport) && !form['tls.verify']) words.push('certificate not checked');
  if (form.transport === 'udp' && form['udp.group'] !== '') words.push(`group ${form['udp.group']}`);
  if (form.role === 'client' && form['reconnect.kind'] !== 'off') words.push('reconnects');
  return words.join(' · ');
}

export const transportChoices: readonly { readonly value: EndpointForm['transport']; readonly label: string }[] = [
  { value: 'tcp', label: 'TCP' },
  { value: 'tls', label: 'TLS' },
  { value: 'udp', label: 'UDP' },
  { value: 'local', label: 'Local socket' },
  { value: 'ws', label: 'WebSocket' },
  { value: 'wss', label: 'WebSocket over TLS' },
];
