import { vi } from 'vitest';

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

/** The part of Monaco that the payload's editor uses, and the hand that types into it. */
export function fakeMonaco() {
  let shown: Model | undefined;
  let pressed: KeyListener = () => {};
  const keys = { Escape: 9 };
  const applyTokens = vi.fn();
  const created = () => ({
    onKeyDown: (listener: KeyListener) => {
      pressed = listener;
      return disposable();
    },
    getSelections: () => Array.from({ length: made.selections }),
    setModel: (model: Model) => {
      shown = model;
    },
    restoreViewState: () => {},
    saveViewState: () => null,
    dispose: () => {},
  });
  const monaco = {
    KeyCode: keys,
    MarkerSeverity: { Error: 8 },
    editor: {
      create: created,
      createModel: (text: string, language: string) => new Model(text, language),
      setModelLanguage: (model: Model, language: string) => {
        model.language = language;
      },
      setModelMarkers: (model: Model, _owner: string, markers: readonly unknown[]) => {
        model.markers = markers;
      },
    },
  };
  const made = {
    monaco,
    applyTokens,
    selections: 1,
    shown: (): FakeModel | undefined => shown,
    type: (text: string) => shown?.setText(text),
    press: (key: keyof typeof keys) => pressed({ keyCode: keys[key] }),
    reset: () => {
      shown = undefined;
      made.selections = 1;
    },
  };
  return made;
}
