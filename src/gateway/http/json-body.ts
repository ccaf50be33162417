import type { IncomingMessage } from 'node:http';
import { readStrictJson } from '../../core/json/strict-json.ts';
import type { ArgumentsRead } from '../call.ts';
import { readBody } from './body.ts';
import type { BodyBounds } from './body.ts';

/** Reads the body as JSON in one reading only. */
export async function readJson(
  request: IncomingMessage,
  bounds: BodyBounds & { readonly maxDepth: number },
): Promise<ArgumentsRead> {
  const body = await readBody(request, bounds);
  switch (body.kind) {
    case 'TooLarge':
      return body;
    case 'TooSlow':
      return { kind: 'Bad', code: 'BadRequest', detail: 'The body did not come in time.' };
    case 'Broken':
      return { kind: 'Bad', code: 'BadRequest', detail: 'The body broke off.' };
    case 'Read': {
      const read = readStrictJson(body.bytes, bounds.maxDepth);
      return read.ok
        ? { kind: 'Read', value: read.value, bytes: body.bytes.length }
        : {
            kind: 'Bad',
            code: 'InputInvalid',
            detail: `The body is no plain JSON: ${read.problem}, at character ${read.offset}.`,
          };
    }
  }
}
