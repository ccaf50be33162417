import { z } from 'zod';

/** Somebody as the API server authenticated them: authentication.k8s.io/v1 UserInfo. */
export const identity = z.object({
  username: z.string().max(1024).optional().describe('Name of the user as the API server authenticated it.'),
  uid: z.string().max(256).optional().describe('Unique id of the user, when the authenticator gives one.'),
  groups: z
    .array(z.string().max(1024))
    .max(256)
    .optional()
    .meta({ 'x-kubernetes-list-type': 'atomic' })
    .describe('Groups of the user.'),
  extra: z
    .record(z.string(), z.array(z.string().max(4096)).max(64))
    .optional()
    .meta({ maxProperties: 64 })
    .describe('Further facts that the authenticator gave.'),
});
export type Identity = z.infer<typeof identity>;
