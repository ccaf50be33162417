import type { Answered, Checked, WithArguments } from '../call.ts';
import type { Misfit } from '../schemas/compile.ts';
import { httpRequest } from '../upstream/http-request.ts';
import { go, refuse } from './stage.ts';
import type { Stage } from './stage.ts';

const sentence = ({ pointer, message }: Misfit): string => `${pointer === '' ? '/' : pointer} ${message}`;

/** The arguments fit the schema of the operation, and each can stand where the operation puts it. */
export const schemaIn: Stage<WithArguments, Checked> = {
  name: 'schema-in',
  run(call, { schemas }) {
    const { plugin, operation } = call.granted;
    const checks = schemas.checksOf(plugin, operation);
    const misfit = checks.input(call.args);
    if (misfit) return refuse('InputInvalid', sentence(misfit));
    const request = operation.http && httpRequest(operation.http, call.args, '');
    if (request && !request.ok) return refuse('InputInvalid', `/${request.argument} ${request.message}`);
    return go({ ...call, checks });
  },
};

/** The answer fits the schema of the operation. */
export const schemaOut: Stage<Answered, Answered> = {
  name: 'schema-out',
  run(call) {
    const misfit = call.checks.output(call.answer);
    return misfit ? refuse('OutputInvalid', sentence(misfit)) : go(call);
  },
};
