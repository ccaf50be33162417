import type { Document } from './document.ts';
import type { Family, Trouble } from './program/program.ts';

export function textTroubles(_document: Document, _family: Family): readonly Trouble[] {
  return [];
}
