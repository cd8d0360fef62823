import { type Plan } from '@alva/validation';

/** Only beside the text, where there is room: on a phone it would be one more thing to scroll past. */
export function PlanContents({ plan }: { plan: Plan }) {
  const entries = [
    ...plan.sections.map(({ id, channel, title }) => ({ key: id, target: channel, title })),
    ...(plan.tasks.length > 0 ? [{ key: 'tasks', target: 'tasks', title: 'Tasks' }] : []),
  ];
  return (
    <nav aria-label="Contents" className="px-5 max-lg:hidden print:hidden">
      <p className="text-sm text-muted">Contents</p>
      <ol className="mt-2 grid gap-0.5 text-sm">
        {entries.map(({ key, target, title }) => (
          <li key={key}>
            <a
              href={`#${target}`}
              className="-mx-2 block rounded-xs px-2 py-1 text-muted hover:bg-hover hover:text-ink"
            >
              {title}
            </a>
          </li>
        ))}
      </ol>
    </nav>
  );
}
