import { type Parameter } from '@alva/database';

/**
 * Collects the conditions of a list whose filters are optional, and the parameters that go with them. Only what is asked
 * for is in the text: a plan made for "this filter or none" would use no index.
 */
export function collectConditions() {
  const conditions: string[] = [];
  const parameters: Parameter[] = [];
  return {
    parameters,
    /** The placeholder of a new parameter. */
    parameter: (value: Parameter): string => {
      parameters.push(value);
      return `$${parameters.length}`;
    },
    add: (condition: string): void => {
      conditions.push(condition);
    },
    /** `where …`, or nothing. */
    toString: () => (conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`),
  };
}
