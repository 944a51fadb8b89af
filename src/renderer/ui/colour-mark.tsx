import { Circle, Diamond, Hexagon, type LucideIcon, Pentagon, Square, Star, Triangle } from 'lucide-react';
import styles from './colour-mark.module.css';
import { classes } from './text.ts';

/** The colours of marks. Each has another shape, so that marks differ without their colours, too. */
const shapes = {
  red: Square,
  orange: Triangle,
  yellow: Star,
  green: Circle,
  blue: Diamond,
  purple: Hexagon,
  grey: Pentagon,
} as const satisfies Readonly<Record<string, LucideIcon>>;

type MarkColour = keyof typeof shapes;

/** A small coloured shape. Its name is the colour. */
export function ColourMark({ colour }: { readonly colour: MarkColour }) {
  const Shape = shapes[colour];
  return <Shape size={10} role="img" aria-label={colour} className={classes(styles.mark, styles[colour])} />;
}
