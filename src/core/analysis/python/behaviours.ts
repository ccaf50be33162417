import { isLike, namesLike } from '../matching/lists.ts';
import {
  decodeBy,
  fromAscii85,
  fromBase32,
  fromBase64,
  fromBase85,
  fromHex,
  isDisguise,
} from '../program/decode.ts';
import { asPiece, format, join } from '../program/fold-text.ts';
import type { Span } from '../document.ts';
import type { Behaviour, Invocation, Machine } from '../program/machine.ts';
import type { Value } from '../program/value.ts';
import {
  choice,
  number,
  optionsOf,
  ref,
  sequence,
  TAINT,
  text,
  textsOf,
  truth,
  truthOf,
  unknown,
  UNKNOWN,
  wholeTextOf,
} from '../program/value.ts';
import { INDIRECT } from './indirect.ts';
import { knownItems } from './items.ts';
import { LIBRARY } from './library.ts';
import { LOOKUPS } from './lookups.ts';
import { canonicalName, isTelling } from './names.ts';
import { PLACES } from './places.ts';
import { itemOf } from './plugin-members.ts';

const NETWORK = namesLike(
  /^(?:urllib\d?|requests|httpx|http\.client|aiohttp|socket|ftplib|smtplib|telnetlib|paramiko|websockets?|pycurl)\./,
);

/** Whether the name stands for the environment, or a variable of it. */
export const isEnvironment = (name: string): boolean => name.startsWith('os.environ') || name === 'os.getenv';

/** Which taint the result of a function carries. */
export function sourceOf(name: string): number {
  if (isEnvironment(name)) return TAINT.Environment;
  return isLike(name, NETWORK) ? TAINT.Network : 0;
}

/** getattr, attrgetter and the like: the name of the attribute is computed. */
export function dynamicAttribute(machine: Machine, owner: Value, key: Value, call: Invocation): Value {
  const names = textsOf(key).flatMap((name) =>
    wholeTextOf(text(name)) === undefined ? [] : [name.normalize('NFKC')],
  );
  const { recorder } = machine;
  const values = optionsOf(owner).flatMap((one) => {
    if (names.length === 0 && one.kind === 'ref') recorder.reference(`${one.name}.?`, call.span, 'dynamic');
    return names.map((name) => {
      if (isTelling(name)) recorder.member(name, one, call.span);
      return name.split('.').reduce((value, part) => machine.attribute(value, part), one);
    });
  });
  for (const value of values) if (value.kind === 'ref') recorder.reference(value.name, call.span, 'dynamic');
  return values.length === 0 ? unknown(owner.taint | key.taint) : choice(values);
}

const importModule =
  (top: boolean): Behaviour =>
  ({ args, keywords, span }, machine) => {
    const names = textsOf(args[0] ?? keywords.get('name') ?? UNKNOWN).filter(
      (name) => wholeTextOf(text(name)) !== undefined,
    );
    for (const written of names) {
      const name = written.replace(':', '.');
      machine.recorder.imports.push({ module: canonicalName(name), span });
      machine.recorder.reference(canonicalName(name), span, 'dynamic');
    }
    return names.length === 0
      ? ref('import?')
      : choice(
          names.map((name) =>
            ref(canonicalName(top ? (name.split('.')[0] ?? name) : name.replace(':', '.'))),
          ),
        );
  };

const decoder =
  (decode: (content: string) => string | undefined): Behaviour =>
  ({ args }) => {
    const content = wholeTextOf(args[0]);
    const decoded = content === undefined ? undefined : decode(content);
    return decoded === undefined ? unknown(TAINT.Decoded) : text(decoded, TAINT.Decoded, true);
  };

const codecDecode: Behaviour = ({ args }) => {
  const [content, codec = 'utf-8'] = [wholeTextOf(args[0]), wholeTextOf(args[1])];
  const decoded = content === undefined ? undefined : decodeBy(codec, content);
  const taint = isDisguise(codec) ? TAINT.Decoded : 0;
  return decoded === undefined ? unknown(taint) : text(decoded, taint);
};

/** Functions that call what they are handed. */
const calls =
  (at: number, from: number): Behaviour =>
  (call, machine) =>
    machine.apply(call.args[at], call.args.slice(from), call);

/** The function that is handed over is called once for each item, as in a loop. */
function forEach(call: Invocation, machine: Machine): Value {
  const [callee, items = UNKNOWN] = call.args;
  const once = { endless: false, unconditional: false, iterations: undefined, iterates: undefined };
  let result: Value = UNKNOWN;
  machine.recorder.inLoop({ kind: 'comprehension', span: call.span, ...once }, () => {
    result = machine.apply(callee, [machine.element(items)], call);
  });
  return result;
}

const mapped: Behaviour = (call, machine) => {
  const [callee, items] = call.args;
  const each = machine.recorder.budget.isHalfSpent ? undefined : knownItems(items);
  const result = forEach(call, machine);
  if (!each) return sequence([result], true);
  return machine.recorder.quietly(() => sequence(each.map((item) => machine.apply(callee, [item], call))));
};

const threaded: Behaviour = (call, machine) => {
  const args = call.keywords.get('args') ?? UNKNOWN;
  machine.apply(
    call.keywords.get('target') ?? call.args[1],
    args.kind === 'sequence' ? args.items : [],
    call,
  );
  return undefined;
};

const characters = (value: Value | undefined): string | undefined => {
  if (value?.kind !== 'sequence' || value.open) return undefined;
  return value.items.every((item) => item.kind === 'number')
    ? value.items
        .map((item) =>
          item.kind === 'number' ? String.fromCodePoint(Math.min(Math.max(0, item.value | 0), 0x10ffff)) : '',
        )
        .join('')
    : undefined;
};

const toBytes: Behaviour = ({ args, span }, machine) => {
  const [first] = args;
  const content = characters(first);
  if (content !== undefined) return text(content, TAINT.Decoded, true);
  if (first?.kind === 'text') return { ...first, bytes: true };
  if (first?.kind === 'number') machine.recorder.allocation(first.value, span);
  return undefined;
};

const textual: Behaviour = ({ args }) => {
  const [first] = args;
  if (first?.kind === 'text') return first;
  if (first?.kind === 'number' || (first?.kind === 'ref' && first.text !== undefined))
    return text(asPiece(first));
  return unknown();
};

function itemsOf(value: Value | undefined): Value | undefined {
  if (value?.kind === 'sequence') return value;
  const items = knownItems(value);
  return items && sequence(items);
}

const listed: Behaviour = ({ args }) => itemsOf(args[0]);

const reversed: Behaviour = ({ args }) => {
  const all = itemsOf(args[0]);
  return all?.kind === 'sequence' ? sequence(all.items.toReversed(), all.open) : undefined;
};

const integer: Behaviour = ({ args }) => {
  const [content, base] = [args[0], args[1]];
  if (content?.kind === 'number') return number(Math.trunc(content.value));
  const digits = wholeTextOf(content);
  const parsed =
    digits === undefined
      ? NaN
      : Number.parseInt(digits.replace(/^0[xob]/i, ''), base?.kind === 'number' ? base.value : 10);
  return Number.isNaN(parsed) ? undefined : number(parsed);
};

const lengthOf: Behaviour = ({ args }) => {
  const [first] = args;
  if (first?.kind === 'text') return wholeTextOf(first) === undefined ? undefined : number(first.text.length);
  return first?.kind === 'sequence' && !first.open ? number(first.items.length) : undefined;
};

const attributeMethod: Behaviour = (call, machine) => {
  // type(x).__getattribute__(x, name) as well as x.__getattribute__(name)
  const [owner, key] =
    call.args.length > 1
      ? call.args
      : [call.callee.kind === 'ref' ? call.callee.receiver : undefined, call.args[0]];
  return owner && dynamicAttribute(machine, owner, key ?? UNKNOWN, call);
};

/** An attribute in a field of a template: `{0.__globals__}` climbs as the expression would. */
const TELLING_FIELD = /\.__[a-z]{1,40}__/g;

/** What the fields of a template climb to. */
function noteFields(template: string, owner: Value | undefined, span: Span, machine: Machine): void {
  for (const [name] of template.matchAll(TELLING_FIELD))
    machine.recorder.member(name.slice(1), owner ?? UNKNOWN, span);
}

/** Other engines that fill templates in, and let them climb: `{{ x.__globals__ }}`. */
const filledIn: Behaviour = ({ args, span }, machine) => {
  for (const template of textsOf(args[0] ?? UNKNOWN)) noteFields(`.${template}`, args[1], span, machine);
  return undefined;
};
const TEMPLATES =
  'string.Formatter().get_field string.Formatter().format string.Formatter().vformat jinja2.Template jinja2.Environment().from_string mako.template.Template flask.render_template_string django.template.Template'.split(
    ' ',
  );

const madeBy = (call: Invocation): readonly Value[] =>
  call.callee.kind === 'ref' ? (call.callee.made ?? []) : [];

const FUNCTIONS: readonly (readonly [string, Behaviour])[] = [
  ...LOOKUPS,
  ...LIBRARY,
  ...INDIRECT,
  ...TEMPLATES.map((name): readonly [string, Behaviour] => [name, filledIn]),
  [
    'getattr',
    (call, machine) => dynamicAttribute(machine, call.args[0] ?? UNKNOWN, call.args[1] ?? UNKNOWN, call),
  ],
  [
    'operator.attrgetter()',
    (call, machine) =>
      choice(madeBy(call).map((name) => dynamicAttribute(machine, call.args[0] ?? UNKNOWN, name, call))),
  ],
  [
    'operator.methodcaller()',
    (call, machine) =>
      machine.apply(
        dynamicAttribute(machine, call.args[0] ?? UNKNOWN, madeBy(call)[0] ?? UNKNOWN, call),
        madeBy(call).slice(1),
        call,
      ),
  ],
  [
    'operator.itemgetter()',
    (call, machine) => itemOf(call.args[0] ?? UNKNOWN, madeBy(call)[0] ?? UNKNOWN, call, machine),
  ],
  [
    'operator.getitem',
    (call, machine) => itemOf(call.args[0] ?? UNKNOWN, call.args[1] ?? UNKNOWN, call, machine),
  ],
  ['*.__getattribute__', attributeMethod],
  ['*.__getattr__', attributeMethod],
  [
    'object.__getattribute__',
    (call, machine) => dynamicAttribute(machine, call.args[0] ?? UNKNOWN, call.args[1] ?? UNKNOWN, call),
  ],
  ['vars', (call, machine) => call.args[0] && machine.attribute(call.args[0], '__dict__')],
  ['__import__', importModule(true)],
  ['importlib.import_module', importModule(false)],
  ['importlib.__import__', importModule(true)],
  ['pkgutil.resolve_name', importModule(false)],
  ['*.load_module', importModule(false)],
  [
    'functools.partial',
    ({ args }) => args[0] && { kind: 'bound', callee: args[0], before: args.slice(1), taint: 0 },
  ],
  ['map', mapped],
  ['threading.Thread', threaded],
  ['threading.Timer', calls(1, 2)],
  ['multiprocessing.Process', threaded],
  [
    '_thread.start_new_thread',
    (call, machine) =>
      machine.apply(call.args[0], call.args[1]?.kind === 'sequence' ? call.args[1].items : [], call),
  ],
  ...['map', 'imap', 'imap_unordered', 'map_async'].map((name): readonly [string, Behaviour] => [
    `*.${name}`,
    (call, machine) => {
      forEach(call, machine);
      return undefined;
    },
  ]),
  ['*.submit', calls(0, 1)],
  ['*.apply_async', calls(0, 9)],
  ['*.run_in_executor', calls(1, 2)],
  ['asyncio.to_thread', calls(0, 1)],
  ['atexit.register', calls(0, 1)],
  ['signal.signal', calls(1, 9)],
  [
    'chr',
    ({ args }) =>
      args[0]?.kind === 'number'
        ? text(String.fromCodePoint(Math.min(Math.max(0, args[0].value | 0), 0x10ffff)), TAINT.Decoded)
        : unknown(TAINT.Decoded),
  ],
  [
    'ord',
    ({ args }) =>
      wholeTextOf(args[0]) === undefined ? undefined : number(wholeTextOf(args[0])?.codePointAt(0) ?? 0),
  ],
  ['str', textual],
  ['int', integer],
  ['len', lengthOf],
  ['list', listed],
  ['tuple', listed],
  ['reversed', reversed],
  [
    'bool',
    ({ args }) =>
      truthOf(args[0] ?? UNKNOWN) === undefined ? undefined : truth(truthOf(args[0] ?? UNKNOWN)),
  ],
  ['bytes', toBytes],
  ['bytearray', toBytes],
  ['bytes.fromhex', decoder(fromHex)],
  ['bytearray.fromhex', decoder(fromHex)],
  ['str.join', ({ args }) => join(asPiece(args[0] ?? UNKNOWN), args[1])],
  ['base64.b64decode', decoder(fromBase64)],
  ['base64.urlsafe_b64decode', decoder(fromBase64)],
  ['base64.standard_b64decode', decoder(fromBase64)],
  ['base64.decodebytes', decoder(fromBase64)],
  ['base64.b32decode', decoder(fromBase32)],
  ['base64.b16decode', decoder(fromHex)],
  ['base64.b85decode', decoder(fromBase85)],
  ['base64.a85decode', decoder(fromAscii85)],
  ['binascii.a2b_base64', decoder(fromBase64)],
  ['binascii.unhexlify', decoder(fromHex)],
  ['binascii.a2b_hex', decoder(fromHex)],
  ['zlib.decompress', decoder(() => undefined)],
  ['gzip.decompress', decoder(() => undefined)],
  ['bz2.decompress', decoder(() => undefined)],
  ['lzma.decompress', decoder(() => undefined)],
  ['codecs.decode', codecDecode],
  ['codecs.encode', codecDecode],
  [
    'codecs.getdecoder()',
    (call, machine) => {
      const [codec] = madeBy(call);
      const value = codecDecode({ ...call, args: [call.args[0] ?? UNKNOWN, codec ?? UNKNOWN] }, machine);
      return value && sequence([value, UNKNOWN]);
    },
  ],
  ...PLACES,
  [
    '#text.format',
    ({ callee, args, keywords, span }, machine) => {
      if (callee.kind !== 'method') return undefined;
      const template = asPiece(callee.receiver);
      noteFields(template, args[0], span, machine);
      return format(template, args, keywords);
    },
  ],
  [
    '#record.get',
    ({ callee, args }, machine) =>
      callee.kind === 'method' ? machine.item(callee.receiver, args[0] ?? UNKNOWN) : undefined,
  ],
  [
    '#record.values',
    ({ callee }) =>
      callee.kind === 'method' && callee.receiver.kind === 'record'
        ? sequence([...callee.receiver.members.values()])
        : undefined,
  ],
];

export const behaviours: ReadonlyMap<string, Behaviour> = new Map(FUNCTIONS);
