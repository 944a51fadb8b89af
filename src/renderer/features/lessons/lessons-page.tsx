import { Circle, CircleCheck, GraduationCap } from 'lucide-react';
import { useEffect } from 'react';
import { useStore } from 'zustand/react';
import { useServices } from '../../state/services.ts';
import { Button, CopyButton } from '../../ui/button.tsx';
import { classes } from '../../ui/text.ts';
import {
  createLessons,
  followProgress,
  type LessonView,
  loadLessons,
  openLessons,
  showLesson,
  writeStarters,
} from './lesson-store.ts';
import styles from './lessons.module.css';
import { strings } from './strings.ts';

/** The entry of the side bar that opens the lessons. */
export function LessonsLink() {
  const services = useServices();
  return (
    <nav className={styles.link} aria-label={strings.title}>
      <Button variant="ghost" onClick={() => openLessons(services)}>
        <GraduationCap size={14} aria-hidden />
        {strings.title}
      </Button>
    </nav>
  );
}

/** The offer on the start page to begin with the lessons. */
export function LessonsOffer() {
  const services = useServices();
  return (
    <div className={styles.offer}>
      <p>{strings.lead}</p>
      <Button onClick={() => openLessons(services)}>{strings.open}</Button>
    </div>
  );
}

/** The page of the lessons: the list, and the steps of one lesson, ticked by the session being recorded. */
export function LessonsPage() {
  const services = useServices();
  const store = services.own(createLessons);
  const lessons = useStore(store, (state) => state.lessons);
  const shown = useStore(store, (state) => state.shown);
  useEffect(() => void loadLessons(services), [services]);
  const lesson = lessons.find(({ name }) => name === shown);
  return (
    <div className={styles.page}>
      <nav className={styles.list} aria-label={strings.list}>
        <h1 className={styles.title}>{strings.title}</h1>
        <p className={styles.lead}>{strings.lead}</p>
        {lessons.map(({ name, title }, index) => (
          <Button
            key={name}
            variant="ghost"
            className={classes(styles.entry, name === shown && styles.active)}
            aria-current={name === shown ? 'true' : undefined}
            onClick={() => showLesson(services, name)}
          >
            {`${index + 1}. ${title}`}
          </Button>
        ))}
      </nav>
      {lesson ? <Lesson key={lesson.name} lesson={lesson} /> : null}
    </div>
  );
}

function Lesson({ lesson }: { readonly lesson: LessonView }) {
  const services = useServices();
  const progress = useStore(services.own(createLessons), (state) => state.progress);
  useEffect(() => followProgress(services, lesson), [services, lesson]);
  const done = progress.filter((step) => step.done).length;
  return (
    <article className={styles.lesson} aria-label={lesson.title}>
      <h2 className={styles.title}>{lesson.title}</h2>
      <p className={styles.introduction}>{lesson.introduction.trimEnd()}</p>
      {lesson.programs.length > 0 ? <Starters lesson={lesson} /> : null}
      <p className={styles.lead} role="status">
        {strings.progress(done, lesson.steps.length)}
      </p>
      <ol className={styles.steps} aria-label={strings.steps}>
        {lesson.steps.map((step, index) => (
          <Step key={step.title} step={step} done={progress[index]?.done === true} />
        ))}
      </ol>
    </article>
  );
}

/** The starter programs, with a button to write them; in a host without a dialog for folders, with the command that writes them. */
function Starters({ lesson }: { readonly lesson: LessonView }) {
  const services = useServices();
  const hasDialog = services.upload === undefined;
  return (
    <div className={styles.starters}>
      <p className={styles.lead}>{`${strings.programs}: ${lesson.programs.join(', ')}`}</p>
      {hasDialog ? (
        <Button onClick={() => void writeStarters(services, lesson)}>{strings.write}</Button>
      ) : (
        <>
          <p className={styles.lead}>{strings.writeByCommand}</p>
          <CommandLine text={`wirebench lesson write ${lesson.name} exercise`} />
        </>
      )}
    </div>
  );
}

function CommandLine({ text }: { readonly text: string }) {
  return (
    <div className={styles.command}>
      <code>{text}</code>
      <CopyButton text={text} label={strings.copy} />
    </div>
  );
}

function Step({ step, done }: { readonly step: LessonView['steps'][number]; readonly done: boolean }) {
  return (
    <li className={styles.step}>
      <span
        className={classes(styles.tick, done && styles.done)}
        role="img"
        aria-label={done ? strings.done : strings.missing}
      >
        {done ? <CircleCheck size={16} aria-hidden /> : <Circle size={16} aria-hidden />}
      </span>
      <div className={styles.body}>
        <h3 className={styles.stepTitle}>{step.title}</h3>
        <p>{step.try}</p>
        {step.command === undefined ? null : <CommandLine text={step.command} />}
        {step.hint === undefined ? null : (
          <details>
            <summary>{strings.hint}</summary>
            <p>{step.hint}</p>
          </details>
        )}
      </div>
    </li>
  );
}
