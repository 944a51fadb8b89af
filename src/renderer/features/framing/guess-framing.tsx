import { useState } from 'react';
import type { Failure } from '#shared/failure.ts';
import type { FramingForm } from '../../client/framing-form.ts';
import { type GuessedFraming, guessFraming } from '../../client/guess-framing-command.ts';
import { useServices } from '../../client/use-services.ts';
import { Button } from '../../ui/button.tsx';
import { FailureBox } from '../../ui/failure-box.tsx';
import styles from './framing.module.css';

interface GuessFramingProps {
  readonly session: string;
  /** The socket whose recorded data counts; all, where it is left out. */
  readonly socket: number | undefined;
  readonly onSelect: (form: FramingForm) => void;
}

/** Offers the framings that fit what was recorded. */
export function GuessFraming({ session, socket, onSelect }: GuessFramingProps) {
  const services = useServices();
  const [isGuessing, setGuessing] = useState(false);
  const [guesses, setGuesses] = useState<readonly GuessedFraming[]>();
  const [failure, setFailure] = useState<Failure>();
  const guess = async () => {
    setGuessing(true);
    setFailure(undefined);
    const guessed = await guessFraming(services, session, socket);
    setGuessing(false);
    if (guessed.ok) setGuesses(guessed.value);
    else setFailure(guessed.error);
  };
  return (
    <div className={styles.guess}>
      <Button disabled={isGuessing} onClick={() => void guess()}>
        Guess from recorded data
      </Button>
      {guesses?.length === 0 ? <p role="status">No framing fits the recorded data.</p> : null}
      {guesses?.map(({ framing, text, form }) => (
        <Button key={framing} variant="ghost" title="Use this framing" onClick={() => onSelect(form)}>
          {text}
        </Button>
      ))}
      {failure ? <FailureBox failure={failure} /> : null}
    </div>
  );
}
