interface SparklineProps {
  readonly values: readonly number[];
  readonly width: number;
  readonly height: number;
  readonly label: string;
}

/** A bar chart of the last values, newest on the right, scaled to the highest. */
export function Sparkline({ values, width, height, label }: SparklineProps) {
  const top = Math.max(...values, 1);
  const step = width / values.length;
  const bars = values
    .map((value, index) => {
      const size = value === 0 ? 0 : Math.max(1, (value / top) * height);
      return `M${(index * step).toFixed(1)} ${height}v${(-size).toFixed(1)}h${Math.max(step - 1, 1).toFixed(1)}v${size.toFixed(1)}z`;
    })
    .join('');
  return (
    <svg width={width} height={height} role="img" aria-label={label} fill="var(--ink-faint)">
      <path d={`M0 ${height - 0.5}h${width}v0.5h-${width}z`} opacity="0.5" />
      <path d={bars} />
    </svg>
  );
}
