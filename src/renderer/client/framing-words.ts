import { framings } from '#shared/framing/catalogue.ts';
import type { FramingWords } from '#shared/framing/framing.ts';
import type { FramingChoice } from './framing-form.ts';

/** A framing as a form lists it. */
interface ListedFraming extends FramingWords {
  readonly choice: FramingChoice;
}

const listed: readonly ListedFraming[] = framings.flatMap(({ kind, words, variants = [] }) => [
  ...variants.map((variant) => ({ choice: variant.name, ...variant.words })),
  { choice: kind, ...words },
]);

/** All framings, the common ones first. */
export const framingWords: readonly ListedFraming[] = [
  ...listed.filter(({ common }) => common),
  ...listed.filter(({ common }) => !common),
];

const byChoice = new Map(framingWords.map((words) => [words.choice, words]));

/** Returns the words for a framing. */
export function wordsOf(choice: FramingChoice): FramingWords {
  const words = byChoice.get(choice);
  if (!words) throw new Error(`there is no framing ${choice}`);
  return words;
}
