import { type Framing, plain } from '../framing.ts';
import { createRawFramer } from '../raw.ts';

export const raw: Framing<{ readonly kind: 'raw' }> = { ...plain('raw', 'raw'), createFramer: createRawFramer };
