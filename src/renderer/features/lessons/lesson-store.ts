import { createStore, type StoreApi } from 'zustand/vanilla';
import type { CallOutput } from '#shared/contract/contract.ts';
import { recordingOf } from '../../bridge/live-store.ts';
import { action } from '../../state/action.ts';
import { showDone, showFailure } from '../../state/notices.ts';
import type { Services } from '../../state/services.ts';
import { nextTabId, withTab } from '../../state/tabs.ts';
import { strings } from './strings.ts';

export type LessonView = CallOutput<'lessons.list'>[number];
type Progress = CallOutput<'sessions.lessonProgress'>['steps'];

interface LessonsState {
  readonly lessons: readonly LessonView[];
  /** The name of the lesson that is shown. */
  readonly shown: string | undefined;
  /** How far its steps are in the session being recorded; empty until the first answer. */
  readonly progress: Progress;
}

export function createLessons(): StoreApi<LessonsState> {
  return createStore<LessonsState>(() => ({ lessons: [], shown: undefined, progress: [] }));
}

/** Loads the lessons, and shows the first one if none was selected. */
export async function loadLessons(services: Services): Promise<void> {
  const lessons = await services.client.call('lessons.list', {});
  if (!lessons.ok) {
    showFailure(services.notices, lessons.error);
    return;
  }
  services.own(createLessons).setState(({ shown }) => ({
    lessons: lessons.value,
    shown: shown ?? lessons.value[0]?.name,
  }));
}

/** Selects the lesson that is shown. */
export function showLesson(services: Services, name: string): void {
  services.own(createLessons).setState({ shown: name, progress: [] });
}

/** Minimum time between two questions about a session that grows. */
const refreshMs = 250;

/** Asks how far the shown lesson is, now and whenever the session being recorded has grown. Returns the function that ends it. */
export function followProgress(services: Services, lesson: LessonView): () => void {
  const { client, live } = services;
  const store = services.own(createLessons);
  let isAsking = false;
  let asked = '';
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isEnded = false;
  const refresh = async () => {
    const session = recordingOf(live.getState());
    const key = `${session?.id} ${session?.total}`;
    if (isAsking || isEnded || session === undefined || key === asked) return;
    isAsking = true;
    asked = key;
    const steps = lesson.steps.map(({ done }) => done);
    const answer = await client.call('sessions.lessonProgress', { session: session.id, steps });
    if (isEnded) return;
    if (answer.ok) store.setState({ progress: answer.value.steps });
    timer = setTimeout(() => {
      isAsking = false;
      void refresh();
    }, refreshMs);
  };
  const stop = live.subscribe(() => void refresh());
  void refresh();
  return () => {
    isEnded = true;
    clearTimeout(timer);
    stop();
  };
}

/** Lets the user select a folder, and writes the starter programs of `lesson` to it. */
export async function writeStarters({ client, notices }: Services, { name }: LessonView): Promise<void> {
  const selected = await client.call('dialogs.open', { title: strings.selectFolder, purpose: 'folder' });
  if (!selected.ok) showFailure(notices, selected.error);
  if (!selected.ok || selected.value.file === null) return;
  const wrote = await client.call('lessons.write', { name, folder: selected.value.file });
  if (wrote.ok) showDone(notices, strings.written, strings.files(wrote.value.written, wrote.value.existing));
  else showFailure(notices, wrote.error);
}

/** Opens the tab of the lessons, or makes it active. */
export function openLessons({ tabs }: Services): void {
  tabs.setState((state) => {
    const open = state.tabs.find(({ kind }) => kind === 'lessons');
    return open
      ? { ...state, active: open.id }
      : withTab(state, { kind: 'lessons', id: nextTabId() }, { replaceStart: true });
  });
}

export const lessonActions = [action('open-lessons', strings.open, openLessons)];
