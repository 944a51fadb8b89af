interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}
interface Size {
  readonly width: number;
  readonly height: number;
}

const gap = 4;
const margin = 8;

/** Returns the position of a panel of `size` in a window of `view`: below its anchor, or above if there is more room. Pixels. */
export function placeBelow(anchor: Box, size: Size, view: Size, align: 'start' | 'end') {
  const wanted = align === 'start' ? anchor.left : anchor.right - size.width;
  const left = Math.max(margin, Math.min(wanted, view.width - size.width - margin));
  const below = view.height - anchor.bottom - gap - margin;
  const above = anchor.top - gap - margin;
  if (size.height <= below || below >= above) return { left, top: anchor.bottom + gap, maxHeight: below };
  const maxHeight = above;
  return { left, top: anchor.top - gap - Math.min(size.height, above), maxHeight };
}
