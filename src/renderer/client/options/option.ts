import type { OptionGroup } from '#shared/endpoint/options/option.ts';
import type { EndpointForm, FormField } from '../form-fields.ts';

/** One option as the form shows it: data, drawn by one component. */
export interface FormOption {
  /** Its path in the configuration: also its name in what the system says of options. */
  readonly field: FormField;
  readonly group: OptionGroup;
  readonly label: string;
  /** One sentence that a newcomer understands. */
  readonly help: string;
  /**
   * `area`: text of several lines; `exact`: text that is sent as it is, with its line ends; `file`: a file that is
   * selected; `payload`: a sample, or such a file.
   */
  readonly kind: 'text' | 'number' | 'check' | 'choice' | 'area' | 'exact' | 'file' | 'payload' | 'secret';
  readonly choices?: readonly { readonly value: string; readonly label: string }[] | undefined;
  readonly applies: (form: EndpointForm) => boolean;
  /** May change while the endpoint is open. */
  readonly changeable: boolean;
  /** Other names, to be found by: `SO_KEEPALIVE`. */
  readonly aliases: string;
  /** Of a `secret`: the field that says that one is set. */
  readonly setField?: FormField | undefined;
  /** Shown where nothing is typed: what applies then. */
  readonly placeholder?: string | undefined;
}
