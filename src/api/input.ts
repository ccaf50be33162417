import type { RequestSpec } from './v1alpha1/code-execution-request.ts';

/** Every text of a request's input, with the field that it stands in. */
export const inputTexts = ({
  code,
  stdin,
  files = [],
  args = [],
}: Partial<RequestSpec>): readonly (readonly [field: string, text: string | undefined])[] => [
  ['spec.code', code],
  ['spec.stdin', stdin],
  ...files.map(({ content }, index) => [`spec.files[${index}].content`, content] as const),
  ...args.map((arg, index) => [`spec.args[${index}]`, arg] as const),
];

/** A spec as caches keep it that need no input. What the schema asks for stays, so that one parser reads all. */
export const withoutInput = (spec: object = {}): object => ({
  ...spec,
  code: ' ',
  files: undefined,
  stdin: undefined,
  args: undefined,
});
