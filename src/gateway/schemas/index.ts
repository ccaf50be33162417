import type { Plugin } from '../../api/parse.ts';
import type { Operation } from '../../api/v1alpha1/plugin.ts';
import { boundFaults } from './bounds.ts';
import type { SchemaError } from './bounds.ts';
import { closed } from './closed.ts';
import { compile } from './compile.ts';
import type { Check } from './compile.ts';
import type { Schema } from './keywords.ts';

export interface OperationChecks {
  readonly input: Check;
  readonly output: Check;
}

/** Compiled checks of operations, by plugin, generation and name. */
export interface SchemaCache {
  /** Throws where a schema cannot be compiled: such a Plugin is refused at admission, and here again. */
  readonly checksOf: (plugin: Plugin, operation: Operation) => OperationChecks;
}

const MAX_CACHED = 256;

const inputSchema = ({ input }: Operation): Schema => closed(input);

function compiled(operation: Operation): OperationChecks {
  const faults = [...boundFaults(operation.input), ...boundFaults(operation.output)];
  if (faults[0]) throw new Error(`a schema of ${operation.name} is unfit: ${faults[0].message}`);
  return { input: compile(inputSchema(operation)), output: compile(operation.output) };
}

/** Keeps what was used last; what is not there is compiled again. */
export function createSchemaCache(maximum = MAX_CACHED): SchemaCache {
  const kept = new Map<string, OperationChecks>();
  return {
    checksOf({ metadata }, operation) {
      const key = `${metadata.uid}/${metadata.generation}/${operation.name}`;
      const checks = kept.get(key) ?? compiled(operation);
      kept.delete(key);
      kept.set(key, checks);
      const [oldest] = kept.keys();
      if (kept.size > maximum && oldest !== undefined) kept.delete(oldest);
      return checks;
    },
  };
}

function errorsOf(schema: Schema, isInput: boolean): readonly SchemaError[] {
  if (isInput && schema['type'] !== 'object')
    return [{ path: '.type', message: 'must be object: arguments have names' }];
  const faults = boundFaults(schema);
  if (faults.length > 0) return faults;
  try {
    compile(isInput ? closed(schema) : schema);
    return [];
  } catch (error) {
    return [{ path: '', message: error instanceof Error ? error.message : 'cannot be compiled' }];
  }
}

/** What is wrong with the schemas of a Plugin; the paths begin at the Plugin. */
export const schemaErrors = ({ spec }: Pick<Plugin, 'spec'>): readonly SchemaError[] =>
  spec.operations.flatMap(({ input, output }, index) =>
    [
      ...errorsOf(input, true).map(({ path, message }) => ({ path: `input${path}`, message })),
      ...errorsOf(output, false).map(({ path, message }) => ({ path: `output${path}`, message })),
    ].map(({ path, message }) => ({ path: `spec.operations[${index}].${path}`, message })),
  );
