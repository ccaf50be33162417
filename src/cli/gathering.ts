import { stat } from 'node:fs/promises';
import { relative } from 'node:path';
import { MAX_CODE_BYTES } from '../api/v1alpha1/code-execution-request.ts';
import type { Failure, Input, Name } from './input.ts';
import { isManifest, languageAt } from './kinds-of-file.ts';
import { MAX_MANIFEST_BYTES } from './manifests.ts';
import { problemOf, readText, textOfChunks } from './reading.ts';
import { mayHoldRequests, requestsIn } from './requests.ts';
import { wordsOf } from './settings.ts';
import type { Settings } from './settings.ts';
import { programFrom } from './sources.ts';
import { filesBelow, MAX_FILES } from './walking.ts';

const failure = (name: Name, message: string): Failure => ({ kind: 'failure', name, message });

/** Paths without a leading `./`, so that a file is known by one name however the command came to it. */
const nameOf = (path: string): string => (path.startsWith('./') ? relative('.', path) || path : path);

interface Place {
  readonly path: string;
  /** Whether the command line names this very file; what a folder holds besides is passed over. */
  readonly named: boolean;
}

async function* inputsOfManifest({ path, named }: Place, settings: Settings): AsyncGenerator<Input> {
  const name = { path: nameOf(path) };
  const file = await readText(path, MAX_MANIFEST_BYTES);
  if (!file.ok) {
    if (named) yield failure(name, wordsOf(settings).problem[file.problem](MAX_MANIFEST_BYTES));
    return;
  }
  if (named || mayHoldRequests(file.text)) yield* requestsIn(file.text, { ...name, named }, settings);
}

async function inputOfSource({ path, named }: Place, settings: Settings): Promise<Input> {
  const name = { path: nameOf(path) };
  const words = wordsOf(settings);
  const file = await readText(path, MAX_CODE_BYTES);
  if (!file.ok) return failure(name, words.problem[file.problem](MAX_CODE_BYTES));
  const language = (named ? settings.language : undefined) ?? languageAt(path, file.text);
  if (language === undefined) return failure(name, words.unknownLanguage);
  return programFrom({ name, language, code: file.text }, settings);
}

async function* inputsOfFile(place: Place, settings: Settings): AsyncGenerator<Input> {
  if (isManifest(place.path)) yield* inputsOfManifest(place, settings);
  else yield await inputOfSource(place, settings);
}

async function* inputsBelow(folder: string, settings: Settings): AsyncGenerator<Input> {
  const words = wordsOf(settings);
  let count = 0;
  for await (const { path, problem } of filesBelow(folder)) {
    const inputs =
      problem === undefined
        ? inputsOfFile({ path, named: false }, settings)
        : [
            failure(
              { path: nameOf(path) },
              problem === 'many' ? words.manyFiles(MAX_FILES) : words.problem[problem](0),
            ),
          ];
    for await (const input of inputs) {
      count += 1;
      yield input;
    }
  }
  if (count === 0) yield failure({ path: folder }, words.emptyFolder);
}

async function inputOfStdin(stdin: AsyncIterable<Uint8Array>, settings: Settings): Promise<Input> {
  const name = { path: '-' };
  const words = wordsOf(settings);
  const { language } = settings;
  if (language === undefined) return failure(name, words.unknownLanguage);
  const text = await textOfChunks(stdin, MAX_CODE_BYTES);
  if (!text.ok) return failure(name, words.problem[text.problem](MAX_CODE_BYTES));
  // A file may well be empty; where nothing came through a pipe, what should have written to it has failed.
  if (text.text === '') return failure(name, words.problem.empty(0));
  return programFrom({ name, language, code: text.text }, settings);
}

/** Everything that the paths name, one at a time: nothing is read before it is asked for. */
export async function* inputsAt(
  paths: readonly string[],
  stdin: AsyncIterable<Uint8Array>,
  settings: Settings,
): AsyncGenerator<Input> {
  for (const path of paths) {
    if (path === '-') {
      yield await inputOfStdin(stdin, settings);
      continue;
    }
    try {
      const isFolder = (await stat(path)).isDirectory();
      yield* isFolder ? inputsBelow(path, settings) : inputsOfFile({ path, named: true }, settings);
    } catch (error) {
      yield failure({ path: nameOf(path) }, wordsOf(settings).problem[problemOf(error)](0));
    }
  }
}
