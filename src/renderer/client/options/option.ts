import type { EndpointForm, FormField } from '../form-fields.ts';

/** The groups of the options, in the order in which they are shown. */
export const optionGroups = [
  'Messages & framing',
  'Server',
  'Connection & local address',
  'TCP',
  'TLS',
  'UDP & multicast',
  'WebSocket',
  'Reconnect',
  'Limits',
] as const;
export type OptionGroup = (typeof optionGroups)[number];

/** One option as it is offered: data, drawn by one component. */
export interface FormOption {
  /** Its path in the configuration: also what the system calls it. */
  readonly field: FormField;
  readonly group: OptionGroup;
  readonly label: string;
  /** One line, in the course's words. */
  readonly help: string;
  /** `area`: a text of several lines; `exact`: one that is sent as it is, with its line ends; `file`: a file that is selected; `payload`: a sample, or such a file. */
  readonly kind: 'text' | 'number' | 'check' | 'choice' | 'area' | 'exact' | 'file' | 'payload' | 'secret';
  readonly choices?: readonly { readonly value: string; readonly label: string }[];
  readonly applies: (form: EndpointForm) => boolean;
  /** May change while the endpoint is open. */
  readonly live?: boolean;
  /** What else it is called, to be found by: `SO_KEEPALIVE`. */
  readonly words?: string;
  /** Of a `secret`: the field that says that one is set. */
  readonly setField?: FormField;
  /** Shown where nothing is typed: what holds then. */
  readonly placeholder?: string;
}

export const always = () => true;
export const isServer = ({ role }: EndpointForm) => role === 'server';
export const isClient = ({ role }: EndpointForm) => role === 'client';
