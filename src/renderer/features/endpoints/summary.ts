import type { EndpointForm } from '../../client/endpoint-form.ts';

const framings: Readonly<Record<EndpointForm['framing'], string>> = {
  raw: 'raw',
  lf: 'lines (LF)',
  crlf: 'lines (CRLF)',
  delimiter: 'delimiter',
  json: 'JSON values',
};

const behaviours: Readonly<Record<EndpointForm['behaviour'], string>> = {
  silent: 'silent',
  echo: 'echo',
  reply: 'replies with text',
  'reply-file': 'replies with a file',
};

/** The options in a few words, for the button that opens them. */
export function summaryOf(form: EndpointForm): string {
  const framing = `framing: ${framings[form.framing]}`;
  return form.role === 'server' ? `${framing} · ${behaviours[form.behaviour]}` : framing;
}
