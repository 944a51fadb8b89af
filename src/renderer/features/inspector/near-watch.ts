/** How far beyond the edges of what scrolls an element is near: about a screen. */
const margin = '400px 0px';

/** Tells elements inside something that scrolls when they come near to what is in sight, and when they no longer are. */
export class NearWatch {
  readonly #listeners = new Map<Element, (isNear: boolean) => void>();
  #observer: IntersectionObserver | undefined;
  readonly #root: () => Element | null;

  constructor(root: () => Element | null) {
    this.#root = root;
  }

  /** Calls `listener` now and whenever `element` comes near or is no longer. Returns the function that ends it. */
  watch(element: Element, listener: (isNear: boolean) => void): () => void {
    this.#listeners.set(element, listener);
    this.#observer ??= new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) this.#listeners.get(target)?.(isIntersecting);
      },
      { root: this.#root(), rootMargin: margin },
    );
    this.#observer.observe(element);
    return () => {
      this.#listeners.delete(element);
      this.#observer?.unobserve(element);
    };
  }
}
