import type { LabelSelector } from '../api/v1alpha1/label-selector.ts';

export type Labels = Readonly<Record<string, string>>;

type Expression = NonNullable<LabelSelector['matchExpressions']>[number];

function holds(expression: Expression, labels: Labels): boolean {
  const value = labels[expression.key];
  switch (expression.operator) {
    case 'In':
      return value !== undefined && (expression.values ?? []).includes(value);
    case 'NotIn':
      return value === undefined || !(expression.values ?? []).includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
  }
}

/** metav1.LabelSelector; an absent or empty one selects everything. */
export function selects(selector: LabelSelector | undefined, labels: Labels): boolean {
  const equal = Object.entries(selector?.matchLabels ?? {}).every(([key, value]) => labels[key] === value);
  return equal && (selector?.matchExpressions ?? []).every((expression) => holds(expression, labels));
}
