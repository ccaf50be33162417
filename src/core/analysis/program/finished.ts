import { handedBy } from '../matching/arguments.ts';
import { listedIn } from '../matching/names.ts';
import type { Program, Recorded } from './program.ts';

/** A program as rules read it. Put in order once: almost every rule asks by name, or for the texts that are handed on. */
export const finished = (recorded: Recorded): Program => ({
  ...recorded,
  listed: listedIn(recorded),
  ...handedBy(recorded),
});
