import type { Value } from '../program/value.ts';
import type { Parameters, PythonReader } from './reader.ts';

/** The values of the defaults, by the names of the parameters. */
export function defaultsOf(reader: PythonReader, parameters: Parameters): ReadonlyMap<string, Value> {
  const { posonlyargs, args, defaults, kwonlyargs, kw_defaults: named } = parameters;
  const positional = [...posonlyargs, ...args];
  const known = new Map<string, Value>();
  defaults.forEach((node, index) => {
    const parameter = positional[positional.length - defaults.length + index];
    const value = reader.expression(node);
    if (parameter) known.set(parameter.arg, value);
  });
  named.forEach((node, index) => {
    const parameter = kwonlyargs[index];
    const value = reader.expression(node);
    if (parameter && node) known.set(parameter.arg, value);
  });
  return known;
}
