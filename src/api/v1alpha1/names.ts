import { z } from 'zod';

/** Name of a cluster-scoped object: an RFC 1123 subdomain, as Kubernetes asks of metadata.name. */
export const objectName = z
  .string()
  .min(1)
  .max(253)
  .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/);

/** Name of an action such as read_calendar: what a program does to the world, in words the roles use. */
export const actionName = z
  .string()
  .min(1)
  .max(63)
  .regex(/^[a-z][a-z0-9_]*$/);

/** The languages that Sekisho parses and runs. */
export const language = z.enum(['Python', 'JavaScript', 'TypeScript', 'Bash']);
export type Language = z.infer<typeof language>;

/** The languages in which Sekisho answers people. */
export const locale = z.enum(['en', 'ja']);
export type Locale = z.infer<typeof locale>;
