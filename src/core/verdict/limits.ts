import type { ExecutionRole, SandboxClass } from '../../api/parse.ts';
import type { RequestSpec } from '../../api/v1alpha1/code-execution-request.ts';
import type { Limits } from '../../api/v1alpha1/limits.ts';
import { parseBytes, parseMillicores } from '../../api/v1alpha1/quantity.ts';
import type { Objection } from './reasons.ts';

/** What a sandbox really gets. */
export interface GrantedLimits {
  readonly cpu: string;
  readonly memory: string;
  readonly scratch: string;
  readonly pids: number;
  readonly deadlineSeconds: number;
}

/** Limits of a class that names none: the seed's 100 MB and 30 % of a core; scratch and pids as the README says. */
export const DEFAULT_LIMITS = { cpu: '300m', memory: '100Mi', scratch: '64Mi', pids: 64 } as const;

type Field = keyof Limits;
const FIELDS: readonly Field[] = ['cpu', 'memory', 'scratch', 'pids'];

function measure(field: Field, value: string | number): number {
  if (typeof value === 'number') return value;
  return field === 'cpu' ? parseMillicores(value) : parseBytes(value);
}

const isAbove = (field: Field, value: string | number, limit: string | number): boolean =>
  !(measure(field, value) <= measure(field, limit));

function smaller<T extends string | number>(field: Field, one: T, other: T | undefined): T {
  return other !== undefined && isAbove(field, one, other) ? other : one;
}

/** What a class gives, with the defaults filled in. */
export const classLimits = (sandboxClass: SandboxClass): GrantedLimits => ({
  cpu: sandboxClass.spec.limits.cpu ?? DEFAULT_LIMITS.cpu,
  memory: sandboxClass.spec.limits.memory ?? DEFAULT_LIMITS.memory,
  scratch: sandboxClass.spec.limits.scratch ?? DEFAULT_LIMITS.scratch,
  pids: sandboxClass.spec.limits.pids ?? DEFAULT_LIMITS.pids,
  deadlineSeconds: sandboxClass.spec.deadlineSeconds,
});

/** The least of class, role and request. What the request asks beyond the others is objected to elsewhere. */
export function grantedLimits(
  spec: RequestSpec,
  sandboxClass: SandboxClass,
  role: ExecutionRole,
): GrantedLimits {
  const given = classLimits(sandboxClass);
  const least = <F extends Field>(field: F): GrantedLimits[F] =>
    smaller<string | number>(
      field,
      smaller<string | number>(field, given[field], role.spec.maxLimits?.[field]),
      spec.limits?.[field],
    ) as GrantedLimits[F];
  return {
    cpu: least('cpu'),
    memory: least('memory'),
    scratch: least('scratch'),
    pids: least('pids'),
    deadlineSeconds: Math.min(
      given.deadlineSeconds,
      role.spec.maxDeadlineSeconds ?? Infinity,
      spec.deadlineSeconds ?? Infinity,
    ),
  };
}

function objectionsAgainst(
  spec: RequestSpec,
  most: Limits & { readonly deadlineSeconds?: number | undefined },
  owner: string,
): readonly Objection[] {
  const objections: Objection[] = [];
  const object = (field: string, value: string | number, limit: string | number) =>
    objections.push({ reason: 'LimitAbove', params: [field, value, limit, owner] });
  for (const field of FIELDS) {
    const value = spec.limits?.[field];
    const limit = most[field];
    if (value !== undefined && limit !== undefined && isAbove(field, value, limit))
      object(`spec.limits.${field}`, value, limit);
  }
  const { deadlineSeconds } = spec;
  if (
    deadlineSeconds !== undefined &&
    most.deadlineSeconds !== undefined &&
    deadlineSeconds > most.deadlineSeconds
  )
    object('spec.deadlineSeconds', deadlineSeconds, most.deadlineSeconds);
  return objections;
}

/** Every limit of the request that is above what class or role give. */
export function limitObjections(
  spec: RequestSpec,
  sandboxClass: SandboxClass | undefined,
  role: ExecutionRole | undefined,
): readonly Objection[] {
  return [
    ...(sandboxClass
      ? objectionsAgainst(spec, classLimits(sandboxClass), `SandboxClass "${sandboxClass.metadata.name}"`)
      : []),
    ...(role
      ? objectionsAgainst(
          spec,
          { ...role.spec.maxLimits, deadlineSeconds: role.spec.maxDeadlineSeconds },
          `ExecutionRole "${role.metadata.name}"`,
        )
      : []),
  ];
}
