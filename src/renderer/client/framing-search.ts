import { protocols } from '#shared/framing/protocols.ts';
import { parseFraming } from '#shared/framing/spec.ts';
import type { SearchItem } from '../ui/search-list.tsx';
import { type FramingForm, framingFormOf } from './framing-form.ts';
import { framingWords } from './framing-words.ts';

/** A framing or protocol in the list, with the changes that selecting it makes in a form. */
interface FramingItem extends SearchItem {
  readonly change: Partial<FramingForm>;
}

/** All framings, then all protocols with their framing. */
export const framingItems: readonly FramingItem[] = [
  ...framingWords.map(({ choice, label, short, help }) => ({
    id: choice,
    label,
    detail: 'framing',
    words: `${short} ${help}`,
    change: { framing: choice },
  })),
  ...protocols.map(({ name, title, framing }) => ({
    id: `protocol-${name}`,
    label: title,
    detail: framing.length > 24 ? name : framing,
    words: `${name} ${framing} protocol`,
    change: formOf(framing),
  })),
];

function formOf(spelling: string): FramingForm {
  return framingFormOf(parseFraming(spelling) ?? { kind: 'raw' });
}
