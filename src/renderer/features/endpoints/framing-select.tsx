import { abilitiesOf } from '#shared/socket/transports.ts';
import { applyPending, changeForm } from '../../client/endpoint-commands.ts';
import type { EndpointForm } from '../../client/form-fields.ts';
import { type FramingChoice, type FramingForm, framingParameters } from '../../client/framing-form.ts';
import { framingItems } from '../../client/framing-search.ts';
import { framingWords, wordsOf } from '../../client/framing-words.ts';
import type { EndpointTab } from '../../client/tabs-store.ts';
import { useServices } from '../../client/use-services.ts';
import { SelectField } from '../../ui/field.tsx';
import { SearchButton } from '../../ui/search-button.tsx';
import styles from './address-bar.module.css';

interface FramingSelectProps {
  readonly tab: EndpointTab;
  readonly form: EndpointForm;
  readonly isOpen: boolean;
  /** A framing was chosen that wants to know more. */
  readonly onMore: () => void;
}

const choices = framingWords.map(({ choice, short, common }) => ({
  value: choice,
  label: short,
  group: common ? 'Common framings' : 'More framings',
}));

/** The rule that cuts messages; changed at once where the endpoint is open. */
export function FramingSelect({ tab, form, isOpen, onMore }: FramingSelectProps) {
  const services = useServices();
  if (abilitiesOf(form.transport).messageOriented) {
    const what = form.transport === 'udp' ? 'each datagram is a message' : 'it carries messages';
    return <span className={styles.noFraming}>{what}</span>;
  }
  const select = (change: Partial<FramingForm>) => {
    if (isOpen) void applyPending(services, tab.id, change);
    else changeForm(services, tab.id, change);
  };
  return (
    <>
      <SelectField
        label="Framing"
        hideLabel
        className={styles.framing}
        title={wordsOf(form.framing).help}
        value={form.framing}
        options={choices}
        onChange={(framing) => {
          select({ framing });
          if (asksMore(framing)) onMore();
        }}
      />
      <SearchButton
        label="Search framings"
        items={framingItems}
        onSelect={({ id, change }) => {
          select(change);
          if (id === change.framing && asksMore(id)) onMore();
        }}
      />
    </>
  );
}

/** Returns true for a framing that wants to know more than its name. */
function asksMore(framing: FramingChoice): boolean {
  return framingParameters[framing].some((field) => field !== 'framing.keep');
}
