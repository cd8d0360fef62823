'use client';
import { Button, Chip, Field, Input, SuggestionChip } from '@alva/ui';
import { useState, type Ref } from 'react';

const suggestions = [
  'More new customers',
  'More repeat business',
  'Become known locally',
  'Sell more online',
  'Launch something new',
];
const most = 5;

interface GoalsFieldProps {
  goals: string[];
  onChange: (goals: string[]) => void;
  inputRef: Ref<HTMLInputElement>;
  error: string | undefined;
}

/** Up to five goals: picked from suggestions or written. */
export function GoalsField({ goals, onChange, inputRef, error }: GoalsFieldProps) {
  const [text, setText] = useState('');
  const full = goals.length >= most;

  function add(goal: string) {
    const trimmed = goal.trim();
    if (trimmed !== '' && !full && !goals.includes(trimmed)) onChange([...goals, trimmed]);
    setText('');
  }

  return (
    <div className="grid gap-2.5">
      <Field label="What do you want to reach?" hint={`Up to ${most} goals; the first one weighs most.`} error={error}>
        {(control) => (
          <div className="flex gap-2">
            <Input
              {...control}
              ref={inputRef}
              value={text}
              maxLength={200}
              disabled={full}
              placeholder={full ? 'Five are enough to steer by' : 'Write a goal of your own'}
              onChange={(event) => setText(event.target.value)}
              onBlur={() => add(text)}
              onKeyDown={(event) => {
                // Enter adds the goal; without text it does what it does everywhere else in the form.
                if (event.key !== 'Enter' || event.nativeEvent.isComposing || text.trim() === '') return;
                event.preventDefault();
                add(text);
              }}
            />
            <Button
              variant="secondary"
              className="h-11 sm:h-10"
              disabled={full || text.trim() === ''}
              onClick={() => add(text)}
            >
              Add<span className="sr-only"> goal</span>
            </Button>
          </div>
        )}
      </Field>
      {goals.length > 0 && (
        <ul aria-label="Your goals" className="flex flex-wrap gap-2">
          {goals.map((goal) => (
            <li key={goal} className="max-w-full">
              <Chip
                removeLabel={`Remove goal: ${goal}`}
                onRemove={() => onChange(goals.filter((other) => other !== goal))}
              >
                {goal}
              </Chip>
            </li>
          ))}
        </ul>
      )}
      {!full && (
        <div role="group" aria-label="Suggested goals" className="flex flex-wrap gap-2">
          {suggestions
            .filter((suggestion) => !goals.includes(suggestion))
            .map((suggestion) => (
              <SuggestionChip key={suggestion} onClick={() => add(suggestion)}>
                {suggestion}
              </SuggestionChip>
            ))}
        </div>
      )}
    </div>
  );
}
