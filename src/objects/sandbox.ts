import type { CodeExecutionRequest, SandboxClass } from '../api/parse.ts';
import { MAIN_FILE } from '../api/parse.ts';
import type { ProvenShape } from '../core/observed.ts';
import type { GrantedLimits } from '../core/verdict/limits.ts';
import { clientFilesOf } from './client/files.ts';
import { sandboxUid } from './names.ts';

/** All that the objects of one run are made from. */
export interface Sandbox {
  readonly request: CodeExecutionRequest;
  readonly sandboxClass: SandboxClass;
  readonly shape: ProvenShape;
  readonly limits: GrantedLimits;
  readonly digest: string;
  readonly namespace: string;
  /** URL of the plugin gateway; undefined where no plugin was granted. */
  readonly gateway: string | undefined;
  /** Seconds for which the Job is kept after its end. */
  readonly ttlSeconds: number;
}

export interface SandboxFile {
  readonly path: string;
  readonly content: string;
}

/** The files of a run, the program first, the client module of plugins last. */
export function filesOf(request: CodeExecutionRequest): readonly SandboxFile[] {
  const { language, code, files = [], plugins = [] } = request.spec;
  const client = plugins.length > 0 ? clientFilesOf(language) : [];
  return [{ path: MAIN_FILE[language], content: code }, ...files, ...client];
}

/** All texts of a run's input: the files in their order, then stdin. */
export const textsOf = (request: CodeExecutionRequest): readonly string[] => [
  ...filesOf(request).map(({ content }) => content),
  request.spec.stdin ?? '',
];

export const uidOf = ({ request, shape }: Sandbox): number =>
  sandboxUid(request.metadata.uid, shape.userNamespace);
