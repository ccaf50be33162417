import type { ContentKind } from './content-kind.ts';
import { injection } from './injection.ts';
import { personalData } from './personal-data.ts';
import { secrets } from './secrets.ts';

/** Every kind of content that is looked for. Adding one: a file, a line here, its treatment in api/v1alpha1/plugin.ts. */
export const CONTENT_KINDS: readonly ContentKind[] = [secrets, personalData, injection];
