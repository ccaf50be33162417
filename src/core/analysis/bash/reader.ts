import type {
  Assignment,
  Command as CommandNode,
  CommandArgument,
  Redirection as RedirectionNode,
  Script,
  SyntaxNode,
  Word,
} from 'unbash';
import { forEachChild } from 'unbash';
import type { Document, Span } from '../document.ts';
import type { Command, Redirection } from '../program/program.ts';
import type { Recorder } from '../program/recorder.ts';
import type { Value } from '../program/value.ts';
import { choice, HOLE, sequence, text, wholeTextOf } from '../program/value.ts';
import { readLoop, isLoop } from './blocks.ts';
import { folderAfter } from './folders.ts';
import { givenBy } from './given.ts';
import { leadsOut } from './loops.ts';
import { expand } from './words.ts';
import { unwrap } from './wrappers.ts';

type Open<T> = { -readonly [K in keyof T]: T[K] };

/** What the shell knows before the script begins. HOME is written as people write it. */
const INITIAL: readonly (readonly [string, Value])[] = [
  ['HOME', text('~')],
  ['IFS', text(' ')],
  ['PWD', text('.')],
  ['SHELL', text('/bin/bash')],
  ['BASH', text('/bin/bash')],
  // What the kubelet puts there leads to the API server.
  ['KUBERNETES_SERVICE_HOST', text('kubernetes.default.svc')],
];

/** Commands that go elsewhere, or give a variable a value. */
const CHANGING = new Set(['cd', 'pushd', 'popd', 'printf', 'read']);

/** Reads a shell script in the order in which it would run. */
export class BashReader {
  readonly recorder: Recorder;
  readonly document: Document;
  readonly commands: Command[] = [];
  /** How many branches deep the reading is. */
  branch = 0;
  private readonly variables = new Map(INITIAL);
  private readonly functions = new Map<string, { readonly id: number; readonly body: SyntaxNode }>();
  private upstream: readonly Command[] = [];
  private piped = false;
  private background = false;
  private substituted: Command[] | undefined;
  /** Where the script went by `cd`. */
  private folder = '';

  private readonly child = (node: SyntaxNode): void => this.node(node);

  constructor(document: Document, recorder: Recorder) {
    this.document = document;
    this.recorder = recorder;
  }

  variable(name: string): Value | undefined {
    return this.variables.get(name);
  }

  setVariable(name: string, value: Value): void {
    const known = this.branch > 0 ? this.variables.get(name) : undefined;
    this.variables.set(name, known ? choice([known, value]) : value);
  }

  word(word: Word): Value {
    const words = expand(this, word);
    const [only] = words;
    if (words.length === 1 && only) return only;
    return text(this.textOf(words));
  }

  /** Commands whose output becomes part of a word. */
  substitution(script: Script | undefined): readonly Command[] {
    if (!script) return [];
    const before = this.commands.length;
    const state = [this.upstream, this.piped, this.background, this.substituted] as const;
    [this.upstream, this.piped, this.background, this.substituted] = [[], true, false, undefined];
    if (script.source === undefined) this.inItsOwnFolder(() => this.node(script));
    [this.upstream, this.piped, this.background, this.substituted] = state;
    const inside = this.commands.slice(before);
    this.substituted?.push(...inside);
    return inside;
  }

  /** Whether a function of the script ends it. */
  functionEnds(name: string): boolean {
    const known = this.functions.get(name);
    return known !== undefined && hasExit(known.body);
  }

  node(node: SyntaxNode): void {
    this.recorder.budget.spend();
    switch (node.type) {
      case 'Command':
        this.command(node);
        return;
      case 'Pipeline':
        this.pipeline(node.commands);
        return;
      case 'Statement': {
        const outer = this.background;
        this.background ||= node.background === true;
        this.node(node.command);
        this.background = outer;
        return;
      }
      case 'Function':
        this.functionDefinition(node.name.value, node.body);
        return;
      case 'Redirected':
        this.node(node.command);
        this.add({
          words: [],
          places: [],
          span: this.spanOf(node),
          redirects: node.redirects,
          assignments: [],
        });
        return;
      case 'Word':
        expand(this, node);
        return;
      default:
        this.block(node);
    }
  }

  private block(node: SyntaxNode): void {
    if (isLoop(node)) {
      readLoop(this, node);
      return;
    }
    const branches = node.type === 'If' || node.type === 'Case' || node.type === 'AndOr';
    if (branches) this.branch += 1;
    if (node.type === 'Subshell') this.inItsOwnFolder(() => this.children(node));
    else this.children(node);
    if (branches) this.branch -= 1;
  }

  /** A subshell goes where it likes: the shell that started it stays. */
  private inItsOwnFolder(read: () => void): void {
    const { folder } = this;
    read();
    this.folder = folder;
  }

  children(node: SyntaxNode): void {
    forEachChild(node, this.child);
  }

  private pipeline(stages: readonly SyntaxNode[]): void {
    const [outer, piped] = [this.upstream, this.piped];
    stages.forEach((stage, index) => {
      const before = this.commands.length;
      this.piped = piped || index < stages.length - 1;
      this.node(stage);
      this.recorder.budget.spend(this.upstream.length);
      this.upstream = [...this.upstream, ...this.commands.slice(before)];
    });
    [this.upstream, this.piped] = [outer, piped];
  }

  private functionDefinition(name: string, body: SyntaxNode): void {
    const id = this.functions.size + 1;
    this.functions.set(name, { id, body });
    const [upstream, piped, background, branch] = [this.upstream, this.piped, this.background, this.branch];
    [this.upstream, this.piped, this.background] = [[], false, false];
    this.branch += 1;
    this.inItsOwnFolder(() => this.recorder.inFunction(id, () => this.node(body)));
    [this.upstream, this.piped, this.background, this.branch] = [upstream, piped, background, branch];
  }

  private assignments(
    prefix: readonly (Assignment | RedirectionNode)[],
    lasting: boolean,
  ): readonly string[] {
    return prefix.flatMap((one) => {
      if (one.type !== 'Assignment') return [];
      const first = one.value.type === 'Word' ? this.word(one.value) : this.list(one.value.elements);
      const known = one.append === true ? wholeTextOf(this.variable(one.name)) : '';
      if (lasting)
        this.setVariable(
          one.name,
          known === '' ? first : text(`${known ?? HOLE}${wholeTextOf(first) ?? HOLE}`),
        );
      return [one.name];
    });
  }

  /** `(a b c)`, or a table when its elements are written `[key]=value`. */
  private list(elements: readonly Word[]): Value {
    const pairs = elements.map(({ text: written }) => /^\[['"]?([^\]'"]+)['"]?\]=(.*)$/s.exec(written));
    if (elements.length === 0 || pairs.some((pair) => pair === null))
      return sequence(elements.flatMap((element) => expand(this, element)));
    const members = new Map(
      pairs.map((pair) => [pair?.[1] ?? '', text((pair?.[2] ?? '').replace(/^(['"])(.*)\1$/s, '$2'))]),
    );
    return { kind: 'record', role: 'dict', members, inherits: [], taint: 0 };
  }

  private command(node: CommandNode): void {
    const outer = this.substituted;
    this.substituted = [];
    const assignments = this.assignments(node.prefix, node.name === undefined);
    const words: Value[] = [];
    const places: Span[] = [];
    const read = (argument: CommandArgument): void => {
      const place = this.spanOf(argument);
      for (const value of this.wordsOf(argument, place)) {
        words.push(value);
        places.push(place);
      }
    };
    if (node.name) read(node.name);
    node.args.forEach(read);
    this.noteReading(node.name?.value, words);
    this.add({ words, places, span: this.spanOf(node), redirects: node.redirects, assignments });
    this.substituted = outer;
    outer?.push(...this.commands.slice(-1));
  }

  private wordsOf(argument: CommandArgument, place: Span): readonly Value[] {
    if (argument.type !== 'Word') return [text(`${argument.name}=${this.assignedText(argument)}`)];
    const values = expand(this, argument);
    if (values.length > 1 && isGlued(argument))
      this.recorder.disguised.push({ written: argument.text, meant: this.textOf(values), span: place });
    return values;
  }

  private textOf(values: readonly Value[]): string {
    return values.map((value) => wholeTextOf(value) ?? HOLE).join(' ');
  }

  private assignedText(argument: Assignment): string {
    this.assignments([argument], true);
    return argument.value.type === 'Word' ? (wholeTextOf(this.word(argument.value)) ?? HOLE) : HOLE;
  }

  /** `export`, `declare`, `read` and the like change variables, too. */
  private noteReading(name: string | undefined, words: readonly Value[]): void {
    if (name !== 'read' && name !== 'mapfile' && name !== 'readarray') return;
    for (const word of words.slice(1)) this.variables.set(wholeTextOf(word) ?? '', text(HOLE));
  }

  private add(made: {
    readonly words: readonly Value[];
    readonly places: readonly Span[];
    readonly span: Span;
    readonly redirects: readonly RedirectionNode[];
    readonly assignments: readonly string[];
  }): void {
    const { words, places, span, assignments } = made;
    const { redirects, fed } = this.redirections(made.redirects);
    const { name, wrappers, skipped } = unwrap(words);
    this.recorder.budget.keep();
    const args = words.slice(skipped);
    const own = name !== undefined && wrappers.length === 0 ? this.functions.get(name)?.id : undefined;
    if (own !== undefined) this.recorder.mention(own);
    const command: Open<Command> = {
      name,
      wrappers,
      args,
      words: args.map((arg) => wholeTextOf(arg) ?? ''),
      argSpans: places.slice(skipped),
      redirects,
      upstream: this.upstream,
      piped: this.piped,
      background: this.background,
      fed,
      substitutions: this.substituted ?? [],
      folder: this.folder,
      own,
      assignments,
      dynamic: words.length > 0 && name === undefined,
      span,
      context: this.recorder.context,
    };
    this.commands.push(command);
    if (CHANGING.has(name ?? '')) this.change(command);
  }

  /** What a command changes for those behind it. */
  private change(command: Command): void {
    this.folder = folderAfter(command);
    const given = givenBy(command);
    if (given) this.setVariable(given.name, given.value);
  }

  private redirections(nodes: readonly RedirectionNode[]): {
    redirects: readonly Redirection[];
    fed: readonly Value[];
  } {
    const redirects: Redirection[] = [];
    const fed: Value[] = [];
    for (const node of nodes) {
      if (node.type === 'HereDoc') fed.push(this.hereText(node.body));
      else if (node.target && node.type === 'HereString') fed.push(this.word(node.target));
      else if (node.target && node.type === 'Redirect')
        redirects.push({ operator: node.operator, target: this.word(node.target), span: this.spanOf(node) });
    }
    return { redirects, fed };
  }

  private hereText(body: {
    readonly text: string;
    readonly parts: Word['parts'];
    readonly pos: number;
    readonly end: number;
  }): Value {
    if (!body.parts) return text(body.text);
    return this.word({
      type: 'Word',
      text: body.text,
      value: body.text,
      pos: body.pos,
      end: body.end,
      parts: [
        {
          type: 'DoubleQuoted',
          pos: body.pos,
          end: body.end,
          text: body.text,
          parts: body.parts.filter(isDoubleQuotedChild),
        },
      ],
    });
  }

  spanOf(node: { readonly pos: number; readonly end: number }): Span {
    return this.document.spanAt(node.pos, node.end);
  }

  /** Whether the body of a loop leads out of it. */
  leadsOut(body: SyntaxNode): boolean {
    return leadsOut(this, body);
  }
}

type DoubleQuotedChild = Extract<
  NonNullable<Word['parts']>[number],
  { type: 'DoubleQuoted' }
>['parts'][number];

const isDoubleQuotedChild = (part: NonNullable<Word['parts']>[number]): part is DoubleQuotedChild =>
  part.type === 'Literal' ||
  part.type === 'SimpleExpansion' ||
  part.type === 'ParameterExpansion' ||
  part.type === 'CommandExpansion' ||
  part.type === 'ArithmeticExpansion';

/** `rm${IFS}-rf`: written as one word so that it is not seen to be several. */
const isGlued = ({ parts = [] }: Word): boolean =>
  parts.some(
    (part) =>
      (part.type === 'ParameterExpansion' && part.parameter === 'IFS') ||
      (part.type === 'SimpleExpansion' && part.text === '$IFS'),
  );

function hasExit(node: SyntaxNode): boolean {
  if (node.type === 'Command') return node.name?.value === 'exit' || node.name?.value === 'exec';
  if (node.type === 'Subshell' || node.type === 'Function') return false;
  let found = false;
  forEachChild(node, (child) => {
    found ||= hasExit(child);
  });
  return found;
}
