import type { LanguageName } from '#shared/code/catalogue.ts';
import { generateCode } from '#shared/code/generate.ts';
import type { GeneratedCode } from '#shared/code/program.ts';
import type { EndpointView } from '#shared/contract/models.ts';
import type { EndpointConfig } from '#shared/endpoint/endpoint-config.ts';
import type { Role } from '#shared/endpoint/options/option.ts';
import { fail, ok, type Result } from '#shared/failure.ts';
import { payloadBytes } from '#shared/payload/payload.ts';
import { problemText } from '#shared/payload/problem.ts';
import { abilitiesOf } from '#shared/socket/transports.ts';
import type { Draft } from '../../state/drafts.ts';
import { isOpenState, openForm } from '../../state/endpoint-commands.ts';
import { readForm } from '../../state/endpoint-form.ts';
import type { EndpointForm } from '../../state/form-fields.ts';
import type { EndpointTab } from '../../state/tabs.ts';
import { strings } from './strings.ts';

const { failure: words } = strings;

interface EndpointProgram {
  readonly tab: EndpointTab;
  /** The endpoint of the tab, if it was opened. */
  readonly view: EndpointView | undefined;
  readonly draft: Draft;
  readonly language: LanguageName;
  /** The side of the program: that of the tab, or its counterpart. */
  readonly side: Role;
}

/** Returns the program for an endpoint's tab, or for the other side of it. A client sends the payload of the tab. */
export function endpointProgram({ tab, view, draft, language, side }: EndpointProgram): GeneratedCode {
  const read = readForm(formOfSide(tab, view, side));
  if (!read.ok) return refuse(Object.values(read.errors)[0] ?? '', words.options);
  const { config } = read;
  if (side === 'server') return generateCode({ config, language, side });
  const payload = payloadOf(draft, config);
  return payload.ok ? generateCode({ config, payload: payload.value, language, side }) : payload;
}

function refuse(system: string, hint: string) {
  return fail('unsupported', words.message, { system, hint });
}

/** Returns the form of the tab as the form of a `side`. Files with keys are not passed on to the other side. */
function formOfSide(tab: EndpointTab, view: EndpointView | undefined, side: Role): EndpointForm {
  const form = view && isOpenState(view) ? openForm(view, tab) : tab.form;
  if (form.role === side) return form;
  const counterpart = { ...form, role: side, name: '', 'tls.certificate': '', 'tls.key': '', 'tls.ca': '' };
  if (side === 'server') return counterpart;
  const port = view && isOpenState(view) ? /:(\d+)$/.exec(view.address)?.[1] : undefined;
  return { ...counterpart, host: reachable(form.host), port: port ?? form.port };
}

/** Returns an address to connect to: a server on all addresses is reached on loopback. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '') return '127.0.0.1';
  return host === '::' ? '::1' : host;
}

/** Returns the bytes that Send would send, before framing; fails where a program would send other bytes. */
function payloadOf(draft: Draft, config: EndpointConfig): Result<Uint8Array | undefined> {
  const { file, template, encoding, checksum, frame, format, text } = draft;
  if (file) return refuse(words.file, words.fileHint);
  if (template) return refuse(words.template, words.templateHint);
  if (encoding !== 'utf-8') return refuse(words.encoding(encoding), words.encodingHint);
  if (checksum) return refuse(words.checksum, words.checksumHint);
  const isStream = !abilitiesOf(config.transport).messageOriented;
  if (!frame && isStream && config.framing.kind !== 'raw') return refuse(words.unframed, words.unframedHint);
  const bytes = payloadBytes(format, text);
  if (!bytes.ok) return refuse(problemText(bytes.problem), words.hexHint);
  return ok(bytes.value.length === 0 ? undefined : bytes.value);
}
