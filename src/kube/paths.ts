import { KubeError } from './errors.ts';
import type { ObjectRef } from './object.ts';
import type { Resource } from './resources.ts';

const root = ({ group, version }: Resource): string =>
  group === '' ? `/api/${version}` : `/apis/${group}/${version}`;

/** A name becomes one segment of a path, whatever is in it. `..` would climb, and an empty one would name the collection. */
function segment(name: string, what: string): string {
  if (name === '' || name === '.' || name === '..')
    throw new KubeError('Terminal', `${what}: "${name}" names no object`, { reason: 'BadName' });
  return encodeURIComponent(name);
}

/** Path of the objects of a resource, in one namespace or in all. */
export function collectionPath(resource: Resource, namespace: string | undefined): string {
  const { plural, namespaced } = resource;
  if (!namespaced || namespace === undefined) return `${root(resource)}/${plural}`;
  return `${root(resource)}/namespaces/${segment(namespace, plural)}/${plural}`;
}

/** Path of one object. */
export function objectPath(resource: Resource, { namespace, name }: ObjectRef, subresource?: string): string {
  const { plural, namespaced } = resource;
  if (namespaced && namespace === undefined)
    throw new KubeError('Terminal', `${plural} "${name}": a namespace is needed`, { reason: 'BadName' });
  const path = `${collectionPath(resource, namespace)}/${segment(name, plural)}`;
  return subresource === undefined ? path : `${path}/${subresource}`;
}
