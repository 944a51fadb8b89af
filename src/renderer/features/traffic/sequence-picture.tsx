import { memo } from 'react';
import type { Shape } from '#shared/sequence/drawing.ts';
import styles from './sequence-picture.module.css';

interface PictureProps {
  readonly shapes: readonly Shape[];
  readonly width: number;
  readonly height: number;
  readonly y: number;
}

/** The lines, boxes and texts of the rows in sight. A screen reader reads the rows instead. */
export const SequencePicture = memo(function SequencePicture({ shapes, width, height, y }: PictureProps) {
  return (
    <svg
      className={styles.picture}
      width={width}
      height={height}
      style={{ transform: `translateY(${y}px)` }}
      aria-hidden
      focusable={false}
    >
      {shapes.map((shape, index) => (
        // Shapes have no identity: the elements are used again for the shapes in sight.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <ShapeElement key={index} shape={shape} />
      ))}
    </svg>
  );
});

function ShapeElement({ shape }: { readonly shape: Shape }) {
  switch (shape.kind) {
    case 'line': {
      const { x1, y1, x2, y2, style } = shape;
      return <line x1={x1} y1={y1} x2={x2} y2={y2} className={styles[`line-${style}`]} />;
    }
    case 'box': {
      const { x, y, width, height, style } = shape;
      return <rect x={x} y={y} width={width} height={Math.max(0, height)} rx={2} className={styles[`box-${style}`]} />;
    }
    default:
      return (
        <text x={shape.x} y={shape.y} textAnchor={shape.anchor} className={styles[`text-${shape.style}`]}>
          {shape.parts.map(({ text, look }) => (
            <tspan key={text} className={styles[look]}>
              {text}
            </tspan>
          ))}
        </text>
      );
  }
}
