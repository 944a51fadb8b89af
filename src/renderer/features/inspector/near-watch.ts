/** Distance from the viewport within which an element counts as near: about one screen. */
const margin = '400px 0px';

/** Notifies elements of a scroll container when they come near its viewport, and when they leave. */
export class NearWatch {
  readonly #listeners = new Map<Element, (isNear: boolean) => void>();
  #observer: IntersectionObserver | undefined;
  readonly #root: () => Element | null;

  constructor(root: () => Element | null) {
    this.#root = root;
  }

  /** Calls `listener` now and whenever `element` comes near or leaves. Returns the function that stops it. */
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
