import { isLike, namesLike } from '../matching/lists.ts';
import { fromBase64 } from '../program/decode.ts';
import { decodeBy, isDisguise } from '../program/decode.ts';
import { asPiece, join } from '../program/fold-text.ts';
import type { Behaviour, Invocation, Machine } from '../program/machine.ts';
import type { Value } from '../program/value.ts';
import {
  choice,
  number,
  ref,
  sequence,
  TAINT,
  text,
  textsOf,
  unknown,
  UNKNOWN,
  wholeTextOf,
} from '../program/value.ts';
import { moduleName } from './names.ts';
import { homeVariable, PLACES } from './places.ts';

/** Longer texts are not taken to pieces. */
const MAXIMUM_PIECES = 400;

const NETWORK = namesLike(
  /^(?:fetch|axios|got|https?|net|tls|undici|node-fetch|superagent|request|XMLHttpRequest|WebSocket)(?:[.(]|$)/,
);

/** Whether the name stands for the environment, or a variable of it. */
export const isEnvironment = (name: string): boolean => name.startsWith('process.env');

/** Which taint the result of a function carries. */
export function sourceOf(name: string): number {
  if (isEnvironment(name)) return TAINT.Environment;
  return isLike(name, NETWORK) ? TAINT.Network : 0;
}

/** Properties that values of the language have. */
export function propertyOf(owner: Value, name: string): Value | undefined {
  if (name === 'length' && (owner.kind === 'sequence' || owner.kind === 'text')) return lengthOf(owner);
  if (name === '__proto__' && owner.kind === 'record' && owner.role === 'object')
    return ref('Object.prototype');
  if (name !== 'constructor') return homeVariable(owner, name);
  switch (owner.kind) {
    case 'closure':
    case 'bound':
    case 'method':
      return ref('Function');
    case 'sequence':
      return ref('Array');
    case 'text':
      return ref('String');
    case 'number':
      return ref('Number');
    case 'ref':
      return owner.name.startsWith('module')
        ? undefined
        : ref(
            owner.name.endsWith('.prototype')
              ? owner.name.slice(0, -'.prototype'.length)
              : owner.name.endsWith('()')
                ? `${owner.name}.constructor`
                : 'Function',
          );
    case 'record':
      return owner.role === 'object' && !owner.members.has('constructor') ? ref('Object') : undefined;
    default:
      return ref('?.constructor');
  }
}

const lengthOf = (owner: Value): Value => {
  if (owner.kind === 'sequence') return owner.open ? UNKNOWN : number(owner.items.length);
  const content = wholeTextOf(owner);
  return content === undefined ? UNKNOWN : number(content.length);
};

const requireModule: Behaviour = ({ args, span }, machine) => {
  const names = textsOf(args[0] ?? UNKNOWN)
    .filter((name) => wholeTextOf(text(name)) !== undefined)
    .map(moduleName);
  for (const name of names) {
    machine.recorder.imports.push({ module: name, span });
    machine.recorder.reference(name, span, 'import');
  }
  return names.length === 0 ? ref('require?') : choice(names.map((name) => ref(name)));
};
/** `import("data:text/javascript,…")` runs what stands in the address. */
export const importModule: Behaviour = (call, machine) => {
  const { args, span } = call;
  for (const address of textsOf(args[0] ?? UNKNOWN)) {
    const [, coding, content] = /^data:[^,]*?(;base64)?,(.*)$/s.exec(address) ?? [];
    if (content === undefined) continue;
    const source = coding === undefined ? decodeBy('percent', content) : fromBase64(content);
    machine.recorder.reference('eval', span, 'direct');
    machine.invoke({ ...call, callee: ref('eval'), args: [text(source ?? content, TAINT.Decoded)] });
  }
  return requireModule(call, machine);
};

/** A module that the program makes compiles what it is given. */
const compiled: Behaviour = (call, machine) => {
  machine.recorder.reference('module._compile', call.span, 'direct');
  return machine.invoke({ ...call, callee: ref('module._compile') });
};

const fromCodes: Behaviour = ({ args }) =>
  args.every((arg) => arg.kind === 'number')
    ? text(
        args
          .map((arg) =>
            arg.kind === 'number' ? String.fromCodePoint(Math.min(Math.max(0, arg.value | 0), 0x10ffff)) : '',
          )
          .join(''),
        TAINT.Decoded,
      )
    : unknown(TAINT.Decoded);

const bufferFrom: Behaviour = ({ args }) => {
  const [first] = args;
  const codec = wholeTextOf(args[1]) ?? 'utf-8';
  if (first?.kind === 'sequence') return fromBytes(first);
  const content = wholeTextOf(first);
  const taint = isDisguise(codec) ? TAINT.Decoded : 0;
  const decoded = content === undefined ? undefined : decodeBy(codec, content);
  return decoded === undefined ? ref('Buffer.from()', { taint }) : text(decoded, taint, true);
};

function fromBytes(value: Extract<Value, { kind: 'sequence' }>): Value {
  if (value.open || !value.items.every((item) => item.kind === 'number')) return unknown(TAINT.Decoded);
  return text(
    value.items
      .map((item) => (item.kind === 'number' ? String.fromCharCode(item.value & 0xff) : ''))
      .join(''),
    TAINT.Decoded,
    true,
  );
}

const decoded =
  (codec: string): Behaviour =>
  ({ args }) => {
    const content = wholeTextOf(args[0]);
    const result =
      content === undefined ? undefined : codec === 'base64' ? fromBase64(content) : decodeBy(codec, content);
    return result === undefined ? unknown(TAINT.Decoded) : text(result, TAINT.Decoded);
  };

const receiverOf = ({ callee }: Invocation): Value =>
  callee.kind === 'ref' ? (callee.receiver ?? UNKNOWN) : callee.kind === 'method' ? callee.receiver : UNKNOWN;

const property = (machine: Machine, owner: Value, key: Value | undefined, call: Invocation): Value => {
  const names = textsOf(key ?? UNKNOWN);
  const value = choice(names.map((name) => machine.attribute(owner, name)));
  if (value.kind === 'ref') machine.recorder.reference(value.name, call.span, 'dynamic');
  return value;
};

/** `Function.call.bind(f)` and the like turn functions over; what comes out is not known. */
const isTurned = (callee: Value): boolean =>
  callee.kind === 'ref' && /\.(?:call|apply|bind)$/.test(callee.name);

/** `Function.bind.call(f, …)` is `f.bind(…)`, and so on. */
function turnedOver(call: Invocation, args: readonly Value[], machine: Machine): Value {
  const inner = receiverOf(call);
  const [callee, ...rest] = args;
  if (!callee || inner.kind !== 'ref') return UNKNOWN;
  if (inner.name.endsWith('.bind')) return { kind: 'bound', callee, before: rest.slice(1), taint: 0 };
  const [, list] = rest;
  const given = inner.name.endsWith('.call') ? rest.slice(1) : list?.kind === 'sequence' ? list.items : [];
  return machine.apply(callee, given, call);
}

const applied: Behaviour = (call, machine) =>
  isTurned(receiverOf(call))
    ? turnedOver(call, call.args, machine)
    : machine.apply(receiverOf(call), call.args.slice(1), call);
const appliedList: Behaviour = (call, machine) => {
  const [, list] = call.args;
  const given = list?.kind === 'sequence' ? list.items : [];
  return isTurned(receiverOf(call))
    ? turnedOver(call, [call.args[0] ?? UNKNOWN, ...given], machine)
    : machine.apply(receiverOf(call), given, call);
};
const bound: Behaviour = (call) => {
  const callee = receiverOf(call);
  if (!isTurned(callee)) return { kind: 'bound', callee, before: call.args.slice(1), taint: 0 };
  const [turned] = call.args;
  return turned ? { kind: 'bound', callee: turned, before: [], taint: 0 } : UNKNOWN;
};

const each: Behaviour = (call, machine) => {
  const items = receiverOf(call);
  const result = machine.apply(call.args[0], [machine.element(items), UNKNOWN], call);
  if (items.kind !== 'sequence' || items.open || items.items.length > 400) return sequence([result], true);
  return machine.recorder.quietly(() =>
    sequence(items.items.map((item, index) => machine.apply(call.args[0], [item, number(index)], call))),
  );
};

/** Array.from of a list or a text, with a function or without. */
const arrayFrom: Behaviour = (call, machine) => {
  const [source, change] = call.args;
  const list =
    source?.kind === 'text' && source.text.length <= MAXIMUM_PIECES
      ? sequence([...source.text].map((character) => text(character, source.taint)))
      : source;
  if (list?.kind !== 'sequence' || !change) return list?.kind === 'sequence' ? list : undefined;
  const callee: Value = { kind: 'method', name: 'map', receiver: list, taint: list.taint };
  return each({ ...call, callee, args: [change] }, machine);
};

/** What functions share leads to what makes functions; of what a program made itself nothing more is known. */
const prototypeOf: Behaviour = ({ args }) =>
  args[0]?.kind === 'closure' || args[0]?.kind === 'bound' || args[0]?.kind === 'method'
    ? ref('Function.prototype')
    : undefined;

const then: Behaviour = (call, machine) => machine.apply(call.args[0], [receiverOf(call)], call);
const first: Behaviour = (call, machine) => machine.apply(call.args[0], call.args.slice(2), call);

const items = (call: Invocation, change: (list: readonly Value[]) => readonly Value[]): Value | undefined => {
  const list = receiverOf(call);
  return list.kind === 'sequence' ? sequence(change(list.items), list.open) : undefined;
};

const FUNCTIONS: readonly (readonly [string, Behaviour])[] = [
  ...PLACES,
  ['require', requireModule],
  ['module.createRequire()', requireModule],
  ['process.getBuiltinModule', requireModule],
  ['module._load', requireModule],
  ['module.constructor._load', requireModule],
  ['module.Module._load', requireModule],
  ['String.fromCharCode', fromCodes],
  ['String.fromCodePoint', fromCodes],
  ['Buffer.from', bufferFrom],
  ['Uint8Array', bufferFrom],
  ['Uint8Array.from', bufferFrom],
  ['TextDecoder().decode', ({ args }) => (args[0]?.kind === 'text' ? args[0] : undefined)],
  ['TextEncoder().encode', ({ args }) => args[0]],
  ['Array.from', arrayFrom],
  ['atob', decoded('base64')],
  ['decodeURIComponent', decoded('percent')],
  ['unescape', decoded('percent')],
  ['decodeURI', decoded('percent')],
  [
    'parseInt',
    ({ args }) =>
      wholeTextOf(args[0]) === undefined
        ? undefined
        : number(
            Number.parseInt(wholeTextOf(args[0]) ?? '', args[1]?.kind === 'number' ? args[1].value : 10),
          ),
  ],
  [
    'Number',
    ({ args }) =>
      args[0]?.kind === 'number'
        ? args[0]
        : wholeTextOf(args[0]) === undefined
          ? undefined
          : number(Number(wholeTextOf(args[0]))),
  ],
  ['String', ({ args }) => (args[0] && asPiece(args[0]).length < 400 ? text(asPiece(args[0])) : undefined)],
  ['String.raw', ({ args }) => args[0]],
  ['Reflect.get', (call, machine) => property(machine, call.args[0] ?? UNKNOWN, call.args[1], call)],
  [
    'Reflect.apply',
    (call, machine) =>
      machine.apply(call.args[0], call.args[2]?.kind === 'sequence' ? call.args[2].items : [], call),
  ],
  [
    'Reflect.construct',
    (call, machine) =>
      machine.apply(call.args[0], call.args[1]?.kind === 'sequence' ? call.args[1].items : [], call),
  ],
  ['Object.getPrototypeOf', prototypeOf],
  ['Reflect.getPrototypeOf', prototypeOf],
  ['module()._compile', compiled],
  ['module.Module()._compile', compiled],
  ['module.prototype._compile', compiled],
  ['module.Module.prototype._compile', compiled],
  ['*.call', applied],
  ['*.apply', appliedList],
  ['*.bind', bound],
  ['#closure.call', applied],
  ['#closure.apply', appliedList],
  ['#closure.bind', bound],
  ['*.then', then],
  ['*.forEach', each],
  ['*.map', each],
  ...['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'process.nextTick', 'Promise'].map(
    (name): readonly [string, Behaviour] => [
      name,
      (call, machine) => {
        if (call.args[0]?.kind === 'closure') first(call, machine);
        return undefined;
      },
    ],
  ),
  ['Promise.resolve', ({ args }) => args[0]],
  ['Promise.all', ({ args }) => args[0]],
  ...['map', 'forEach', 'filter', 'flatMap'].map((name): readonly [string, Behaviour] => [
    `#sequence.${name}`,
    each,
  ]),
  [
    '#sequence.join',
    (call) => join(call.args.length === 0 ? ',' : asPiece(call.args[0] ?? UNKNOWN), receiverOf(call)),
  ],
  ['#sequence.reverse', (call) => items(call, (list) => list.toReversed())],
  ['#sequence.toReversed', (call) => items(call, (list) => list.toReversed())],
  [
    '#sequence.concat',
    (call) =>
      items(call, (list) => [
        ...list,
        ...call.args.flatMap((arg) => (arg.kind === 'sequence' ? arg.items : [arg])),
      ]),
  ],
  [
    '#sequence.slice',
    (call) =>
      items(call, (list) =>
        list.slice(
          call.args[0]?.kind === 'number' ? call.args[0].value : 0,
          call.args[1]?.kind === 'number' ? call.args[1].value : undefined,
        ),
      ),
  ],
  [
    '#text.repeat',
    (call, machine) => machine.operate('*', receiverOf(call), call.args[0] ?? UNKNOWN, call.span),
  ],
  ['#text.padEnd', (call, machine) => padded(call, machine)],
  ['#text.padStart', (call, machine) => padded(call, machine)],
];

function padded(call: Invocation, machine: Machine): Value | undefined {
  const [length] = call.args;
  if (length?.kind === 'number') machine.recorder.allocation(length.value, call.span);
  return undefined;
}

export const behaviours: ReadonlyMap<string, Behaviour> = new Map(FUNCTIONS);
