import { Card } from '@alva/ui';
import { type PlanMetric } from '@alva/validation';

export function KeyFigures({ metrics }: { metrics: PlanMetric[] }) {
  return (
    <Card className="p-5 print:break-inside-avoid">
      <h2 className="text-sm text-muted">Key figures to reach</h2>
      <dl className="mt-3 grid gap-3">
        {metrics.map(({ name, target }) => (
          <div key={name}>
            <dt className="text-sm text-muted">{name}</dt>
            <dd className="type-display text-lg leading-snug text-ink">{target}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
