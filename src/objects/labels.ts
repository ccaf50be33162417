/** Every label and annotation key that Sekisho writes. */
export const MANAGED_BY = 'app.kubernetes.io/managed-by';
/** Value of MANAGED_BY on all that the operator creates. */
export const MANAGER = 'sekisho';
/** Label: `sandbox` (runs a program) or `probe` (shows that the network is closed). */
export const COMPONENT = 'sekisho.dev/component';
/** Label: uid of the request that a Job, pod or ConfigMap belongs to. */
export const REQUEST_UID = 'sekisho.dev/request-uid';
/** Annotation: namespace/name of that request. */
export const REQUEST = 'sekisho.dev/request';
/** Annotation: digest of everything that runs, as in status.verdict.digest. */
export const DIGEST = 'sekisho.dev/digest';
/** Label of a pod that may reach the plugin gateway, which a NetworkPolicy of the chart selects by it. */
export const PLUGINS = 'sekisho.dev/plugins';
/** Value of PLUGINS. */
export const GRANTED = 'granted';
/** Annotation of such a pod: seconds that its program has. */
export const DEADLINE = 'sekisho.dev/deadline-seconds';
/** Label of a probe: the shape of sandbox that it proves. */
export const SHAPE = 'sekisho.dev/shape';
