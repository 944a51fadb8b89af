import { useState } from 'react';
import type { Failure } from '#shared/failure.ts';
import type { FramingForm } from '../../client/framing-form.ts';
import { type GuessedFraming, guessFraming } from '../../client/guess-framing-command.ts';
import type { ReframeScope } from '../../client/reframe-command.ts';
import { useServices } from '../../client/use-services.ts';
import { Button } from '../../ui/button.tsx';
import { FailureBox } from '../../ui/failure-box.tsx';
import { countText } from '../../ui/figures.ts';
import styles from './framing.module.css';

interface GuessFramingProps {
  readonly session: string;
  /** The streams whose recorded data counts. */
  readonly scope: ReframeScope;
  readonly onSelect: (form: FramingForm) => void;
}

/** Offers the framings that fit what was recorded. */
export function GuessFraming({ session, scope, onSelect }: GuessFramingProps) {
  const services = useServices();
  const [isGuessing, setGuessing] = useState(false);
  const [guesses, setGuesses] = useState<readonly GuessedFraming[]>();
  const [failure, setFailure] = useState<Failure>();
  const guess = async () => {
    setGuessing(true);
    setFailure(undefined);
    const guessed = await guessFraming(services, session, scope);
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
      {guesses && guesses.length > 0 ? <Guesses guesses={guesses} onSelect={onSelect} /> : null}
      {failure ? <FailureBox failure={failure} /> : null}
    </div>
  );
}

interface GuessesProps {
  readonly guesses: readonly GuessedFraming[];
  readonly onSelect: (form: FramingForm) => void;
}

function Guesses({ guesses, onSelect }: GuessesProps) {
  return (
    <table className={styles.guesses} aria-label="Framings that fit">
      <thead>
        <tr>
          <th scope="col">Framing</th>
          <th scope="col">Spelling</th>
          <th scope="col">Messages</th>
          <th scope="col">Direction</th>
          <th aria-hidden />
        </tr>
      </thead>
      <tbody>
        {guesses.map(({ framing, name, messages, directions, form }) => (
          <tr key={framing}>
            <td>{name}</td>
            <td>
              <code>{framing}</code>
            </td>
            <td>{countText(messages)}</td>
            <td>{directions}</td>
            <td>
              <Button small aria-label={`Use ${name} (${framing})`} onClick={() => onSelect(form)}>
                Use
              </Button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
