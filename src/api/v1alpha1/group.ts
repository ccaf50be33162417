/** The API group of every kind of Sekisho. */
export const GROUP = 'sekisho.dev';
/** The one served and stored version. */
export const VERSION = 'v1alpha1';
/** `apiVersion` of every object of Sekisho. */
export const API_VERSION = `${GROUP}/${VERSION}`;
