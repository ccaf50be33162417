/** The part that all Kubernetes objects share. Times stay the RFC 3339 text that the API server sent. */
export interface KubeObject {
  apiVersion?: string;
  kind?: string;
  metadata: ObjectMeta;
  [field: string]: unknown;
}

/** `metadata` of a Kubernetes object. */
export interface ObjectMeta {
  name: string;
  generateName?: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: OwnerReference[];
  finalizers?: string[];
  managedFields?: unknown[];
}

/** Says whose child an object is. */
export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}

/** Names one object of a resource. */
export interface ObjectRef {
  readonly namespace?: string | undefined;
  readonly name: string;
}

/** The metadata of anything that came from the API server; empty when there is none. */
export function metadataOf(object: object): Partial<ObjectMeta> {
  const { metadata } = object as { metadata?: unknown };
  return typeof metadata === 'object' && metadata !== null ? metadata : {};
}

/** An object with what names it and its version; what its owner may fill at will, labels and annotations, is left out. */
export function withBareMetadata(object: object): object {
  const { name, namespace, uid, generation, resourceVersion, creationTimestamp, deletionTimestamp } =
    metadataOf(object);
  const metadata = {
    ...{ name, namespace, uid, generation, resourceVersion, creationTimestamp },
    ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
  };
  return { ...object, metadata };
}

/** `namespace/name`, or `name` for what has no namespace; undefined without a name. */
export function keyOf(object: object): string | undefined {
  const { namespace, name } = metadataOf(object);
  if (typeof name !== 'string' || name === '') return undefined;
  return namespace ? `${namespace}/${name}` : name;
}

/** The inverse of {@link keyOf}. */
export function refOf(key: string): ObjectRef {
  const slash = key.indexOf('/');
  return slash < 0 ? { name: key } : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}
