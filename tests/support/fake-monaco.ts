import { vi } from 'vitest';

/*
 * Stands for `monaco.ts` of the composer in component tests: Monaco needs a layout.
 */

/** A text of the stand-in for Monaco, with what the payload's editor does to it. */
export interface FakeModel {
  text: string;
  language: string;
  markers: readonly unknown[];
  undoStops: number;
  isDisposed: boolean;
}

const disposable = () => ({ dispose: () => {} });

class Model implements FakeModel {
  text: string;
  language: string;
  markers: readonly unknown[] = [];
  undoStops = 0;
  isDisposed = false;
  readonly #listeners = new Set<() => void>();

  constructor(text: string, language: string) {
    this.text = text;
    this.language = language;
  }

  getValue(): string {
    return this.text;
  }

  setText(text: string): void {
    this.text = text;
    for (const listener of this.#listeners) listener();
  }

  onDidChangeContent(listener: () => void) {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  getFullModelRange(): undefined {
    return undefined;
  }

  pushStackElement(): void {
    this.undoStops += 1;
  }

  pushEditOperations(_before: unknown, [edit]: readonly { readonly text: string }[]): void {
    if (edit) this.setText(edit.text);
  }

  dispose(): void {
    this.isDisposed = true;
  }
}

type KeyListener = (event: { readonly keyCode: number }) => void;

let shown: Model | undefined;
let pressed: KeyListener = () => {};
let selections = 1;
const keys = { Escape: 9 };

export const applyTokens = vi.fn();

/** The part of Monaco that the payload's editor uses. */
export const monaco = {
  KeyCode: keys,
  MarkerSeverity: { Error: 8 },
  editor: {
    create: () => ({
      onKeyDown: (listener: KeyListener) => {
        pressed = listener;
        return disposable();
      },
      getSelections: () => Array.from({ length: selections }),
      setModel: (model: Model) => {
        shown = model;
      },
      restoreViewState: () => {},
      saveViewState: () => null,
      dispose: () => {},
    }),
    createModel: (text: string, language: string) => new Model(text, language),
    setModelLanguage: (model: Model, language: string) => {
      model.language = language;
    },
    setModelMarkers: (model: Model, _owner: string, markers: readonly unknown[]) => {
      model.markers = markers;
    },
  },
};

/** The text that the editor shows. */
export const shownModel = (): FakeModel | undefined => shown;

/** Replaces the text, as typing does. */
export const type = (text: string): void => shown?.setText(text);

/** Presses `key` in the editor while it has `cursors` cursors. */
export function press(key: keyof typeof keys, cursors = 1): void {
  selections = cursors;
  pressed({ keyCode: keys[key] });
}

export function resetMonaco(): void {
  shown = undefined;
  selections = 1;
  applyTokens.mockClear();
}
