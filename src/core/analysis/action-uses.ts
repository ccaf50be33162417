import type { ActionPattern } from './actions.ts';
import type { Program } from './program/program.ts';
import type { ActionUse } from './report.ts';

export function actionUsesOf(
  _programs: readonly Program[],
  _patterns: readonly ActionPattern[],
): readonly ActionUse[] {
  return [];
}
