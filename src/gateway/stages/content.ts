import { blankPlaces } from '../../core/content/blank-places.ts';
import { screen } from '../../core/content/screen.ts';
import type { JsonObject } from '../../core/json/strict-json.ts';
import type { Answered, Checked, Cleaned } from '../call.ts';
import { go, refuse } from './stage.ts';
import type { Stage } from './stage.ts';

const WORDS = {
  secrets: 'a key or token',
  personalData: 'personal data',
  injection: 'text that reads like an order to a language model',
} as const;

const place = (pointer: string): string => (pointer === '' ? '/' : pointer);

/** The arguments hold nothing that may not leave the sandbox; the token of the caller never does. */
export const contentIn: Stage<Checked, Checked> = {
  name: 'content-in',
  run(call) {
    const screened = screen(call.args, {
      treatments: call.granted.operation.inputContent,
      neverShown: call.token === undefined ? [] : [call.token],
      escapeControls: false,
    });
    if (screened.kind === 'Refused')
      return refuse('InputRefused', `${place(screened.pointer)} holds ${WORDS[screened.content]}.`);
    if (Object.keys(screened.redacted).length === 0) return go(call);
    const args = screened.value as JsonObject;
    return call.checks.input(args) === undefined
      ? go({ ...call, args })
      : refuse('InputRefused', 'What was blanked in the arguments cannot be missing.');
  },
};

/** The answer is blanked where the operation says so, holds nothing that may not enter the sandbox, and no control characters. */
export const contentOut: Stage<Answered, Cleaned> = {
  name: 'content-out',
  run(call) {
    const { redact, outputContent } = call.granted.operation;
    const blanked = blankPlaces(call.answer, redact ?? []);
    const screened = screen(blanked.value, {
      treatments: outputContent,
      neverShown: call.credential === undefined ? [] : [call.credential],
      escapeControls: true,
    });
    if (screened.kind === 'Refused')
      return refuse(
        'OutputRefused',
        `${place(screened.pointer)} of the answer holds ${WORDS[screened.content]}.`,
      );
    const places = blanked.count > 0 ? { places: blanked.count } : {};
    return go({ ...call, answer: screened.value, redacted: { ...screened.redacted, ...places } });
  },
};
