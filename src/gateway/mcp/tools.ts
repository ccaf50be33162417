import type { CallToolResult, Tool } from '@modelcontextprotocol/server';
import type { Json } from '../../core/json/strict-json.ts';
import type { GrantedPlugin } from '../granted-list.ts';
import { REFUSALS } from '../refusal.ts';
import type { RefusalCode } from '../refusal.ts';
import { closed } from '../schemas/closed.ts';
import type { Refusal, Waiting } from '../stages/stage.ts';
import { toolName } from '../target.ts';

/**
 * What a caller could call, as tools. The schema of the answer is not among it: clients would hold the answer against it, and what was
 * blanked need not fit.
 */
export const toolsOf = (granted: readonly GrantedPlugin[]): Tool[] =>
  granted.flatMap(({ plugin, operations }) =>
    operations.map(({ name, description, input }) => ({
      name: toolName(plugin.metadata.name, name),
      ...(description === undefined ? {} : { description }),
      inputSchema: { ...closed(input), type: 'object' as const },
    })),
  );

const isObject = (value: Json): value is { readonly [key: string]: Json } =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

export const answerResult = (answer: Json): CallToolResult => ({
  content: [{ type: 'text', text: JSON.stringify(answer) }],
  ...(isObject(answer) ? { structuredContent: { ...answer } } : {}),
});

interface Failure {
  readonly code: RefusalCode | 'WaitingForApproval';
  readonly sentence: string;
  readonly detail?: string | undefined;
  readonly retryAfterSeconds?: number | undefined;
}

function failed({ code, sentence, detail, retryAfterSeconds }: Failure): CallToolResult {
  const retry = retryAfterSeconds === undefined ? undefined : `Try again after ${retryAfterSeconds} s.`;
  const text = [`${code}: ${sentence}`, detail, retry].filter((one) => one !== undefined).join(' ');
  const told = {
    code,
    ...(detail === undefined ? {} : { detail }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  };
  return { isError: true, content: [{ type: 'text', text }], structuredContent: told };
}

export const refusalResult = ({ code, detail, retryAfterSeconds }: Refusal): CallToolResult =>
  failed({ code, sentence: REFUSALS[code].sentence, detail, retryAfterSeconds });

export const WAITING_SENTENCE = 'A person has to approve this call. Make it again, with the same arguments.';

export const waitingResult = ({ retryAfterSeconds }: Waiting): CallToolResult =>
  failed({ code: 'WaitingForApproval', sentence: WAITING_SENTENCE, retryAfterSeconds });
