import { type PlanGenerator } from '@alva/validation';
import { Badge } from '@alva/ui';
import { FlaskConical, PenLine } from 'lucide-react';

/** Who wrote it. A rule-based plan says so wherever it is shown. */
export function GeneratorLabel({ generator }: { generator: PlanGenerator }) {
  if (generator.demo) {
    return (
      <Badge tone="warning" className="h-auto min-h-6 py-0.5 whitespace-normal">
        <FlaskConical aria-hidden="true" />
        Demo planner, no model configured
      </Badge>
    );
  }
  return (
    <Badge>
      <PenLine aria-hidden="true" />
      Written by {generator.model}
    </Badge>
  );
}
