import type { BlockCache } from '../format/block-cache.ts';
import type { BlockIndex } from '../format/block-index.ts';
import type { PreviewSources } from './preview.ts';

/** Returns what previews need of the session of `index` and `cache`. */
export function previewSources(index: BlockIndex, cache: BlockCache): PreviewSources {
  return {
    sockets: index.sockets,
    blockBefore: ({ first }) => (first === 0 ? undefined : cache.get(index.find(first - 1))),
  };
}
