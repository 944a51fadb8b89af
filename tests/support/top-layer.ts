/*
 * What components need of a browser and happy-dom does not have: popovers, the focus and Escape of modal dialogs, the
 * selector `:enabled`, and a size. Where something is and how it scrolls is for end-to-end tests.
 */

interface Layer {
  readonly element: HTMLElement;
  /** What had the focus before it opened, and gets it back. */
  readonly before: Element | null;
}

/** Open popovers and modal dialogs, the topmost last. */
const layers: Layer[] = [];

const isPopover = ({ element }: Layer) => element.hasAttribute('popover');
const isOpen = (element: Element) => layers.some((layer) => layer.element === element);

function open(element: HTMLElement): void {
  layers.push({ element, before: document.activeElement });
}

/** Forgets what is open: it has left the document with the test that opened it. */
export function emptyTopLayer(): void {
  layers.length = 0;
}

/** Takes `element` from the layers; the focus goes back where it was, if it is inside. */
function leave(element: HTMLElement): boolean {
  const at = layers.findIndex((layer) => layer.element === element);
  const [layer] = at < 0 ? [] : layers.splice(at, 1);
  if (!layer) return false;
  const { before } = layer;
  if (before instanceof HTMLElement && element.contains(document.activeElement)) before.focus();
  return true;
}

HTMLElement.prototype.showPopover = function showPopover(this: HTMLElement) {
  open(this);
};

// The event comes later, as in a browser.
HTMLElement.prototype.hidePopover = function hidePopover(this: HTMLElement) {
  if (!leave(this)) return;
  const event = Object.assign(new Event('toggle'), { oldState: 'open', newState: 'closed' });
  queueMicrotask(() => this.dispatchEvent(event));
};

const { showModal, close } = HTMLDialogElement.prototype;
HTMLDialogElement.prototype.showModal = function showModalWithFocus(this: HTMLDialogElement) {
  showModal.call(this);
  open(this);
  this.querySelector<HTMLElement>('input:enabled, select:enabled, textarea:enabled, button:enabled')?.focus();
};
HTMLDialogElement.prototype.close = function closeWithFocus(this: HTMLDialogElement, value?: string) {
  leave(this);
  close.call(this, value);
};

document.addEventListener('keydown', (event) => {
  const top = layers.at(-1);
  if (event.key !== 'Escape' || event.defaultPrevented || !top) return;
  if (isPopover(top)) top.element.hidePopover();
  else if (top.element.dispatchEvent(new Event('cancel', { cancelable: true }))) leave(top.element);
});

// A click beside a popover closes it.
document.addEventListener('pointerdown', ({ target }) => {
  const top = layers.at(-1);
  if (top && isPopover(top) && target instanceof Node && !top.element.contains(target)) top.element.hidePopover();
});

/** Has the method `name` of `prototype`, which takes a selector, know the selectors that are used and happy-dom lacks. */
function knowSelectors(prototype: object, name: 'matches' | 'querySelector' | 'querySelectorAll'): void {
  const method: unknown = Reflect.get(prototype, name);
  if (typeof method !== 'function') throw new Error(`there is no ${name}`);
  const value = function knowing(this: Element, selector: string): unknown {
    if (name === 'matches' && selector === ':popover-open') return isOpen(this);
    return Reflect.apply(method, this, [selector.replaceAll(':enabled', ':not(:disabled)')]);
  };
  Object.defineProperty(prototype, name, { configurable: true, writable: true, value });
}

knowSelectors(Element.prototype, 'matches');
knowSelectors(Element.prototype, 'querySelector');
knowSelectors(Element.prototype, 'querySelectorAll');
knowSelectors(Document.prototype, 'querySelector');

// Nothing is idle before the test has ended.
Object.assign(globalThis, { requestIdleCallback: () => 0 });

// Everything is as large as the window, so that lists show the rows that have room in it.
for (const [name, size] of [
  ['clientHeight', () => window.innerHeight],
  ['clientWidth', () => window.innerWidth],
] as const) {
  Object.defineProperty(HTMLElement.prototype, name, { configurable: true, get: size });
}
