import { cn } from './cn.ts';

/** Where one is in a short sequence: a segment a step, and the same by words. */
export function Stepper({ steps, current }: { steps: readonly string[]; current: number }) {
  return (
    <nav aria-label="Progress">
      <p className="text-sm text-muted">
        Step {current + 1} of {steps.length}
        <span className="sr-only">: {steps[current]}</span>
      </p>
      <ol className="mt-2.5 flex gap-1.5">
        {steps.map((step, index) => (
          <li
            key={step}
            aria-current={index === current ? 'step' : undefined}
            className={cn(
              'h-1 flex-1 rounded-full transition-colors duration-300',
              index <= current ? 'bg-accent' : 'bg-line',
            )}
          >
            <span className="sr-only">{step}</span>
          </li>
        ))}
      </ol>
    </nav>
  );
}
