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
import { strings } from './strings.ts';

interface FramingSelectProps {
  readonly tab: EndpointTab;
  readonly form: EndpointForm;
  readonly isOpen: boolean;
  /** Called when a framing with parameters was selected. */
  readonly onMore: () => void;
}

const choices = framingWords.map(({ choice, short, common }) => ({
  value: choice,
  label: short,
  group: common ? strings.framing.common : strings.framing.more,
}));

/** Selects the framing. If the endpoint is open, the change is applied immediately. */
export function FramingSelect({ tab, form, isOpen, onMore }: FramingSelectProps) {
  const services = useServices();
  if (abilitiesOf(form.transport).messageOriented) {
    const note = form.transport === 'udp' ? strings.framing.datagrams : strings.framing.messages;
    return <span className={styles.noFraming}>{note}</span>;
  }
  const select = (change: Partial<FramingForm>) => {
    if (isOpen) void applyPending(services, tab.id, change);
    else changeForm(services, tab.id, change);
  };
  return (
    <>
      <SelectField
        label={strings.framing.label}
        hideLabel
        className={styles.framing}
        title={wordsOf(form.framing).help}
        value={form.framing}
        options={choices}
        onChange={(framing) => {
          select({ framing });
          if (hasParameters(framing)) onMore();
        }}
      />
      <SearchButton
        label={strings.framing.search}
        items={framingItems}
        onSelect={({ id, change }) => {
          select(change);
          if (id === change.framing && hasParameters(id)) onMore();
        }}
      />
    </>
  );
}

/** Returns true for a framing with parameters. */
function hasParameters(framing: FramingChoice): boolean {
  return framingParameters[framing].some((field) => field !== 'framing.keep');
}
