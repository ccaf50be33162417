/** Which call means which action. */
export interface ActionPattern {
  /** A qualified name such as "requests.post"; "*" as its last segment stands for whatever follows. */
  readonly call: string;
  readonly action: string;
}

/** The module through which a program reaches plugins. */
export const CLIENT_MODULE = 'sekisho';
/** Its object that has the plugins; behind it stand the plugin and its operation. */
export const PLUGIN_MODULE = `${CLIENT_MODULE}.plugins`;

/** Whether the name is that of an object whose attributes and items are plugins or operations. */
export const isPluginTable = (name: string): boolean =>
  /^sekisho\.plugins(?:\.[^.()[\]]+)?$/.test(name) && name !== `${PLUGIN_MODULE}.list`;

/** What a program does with a plugin that it names at run time, or by going round the names of the module. */
export const UNKNOWN_OPERATION = 'unknown_operation';

/** Operations whose action has another name than the operation. */
export const OPERATIONS: ReadonlyMap<string, string> = new Map([
  ['calendar.read_events', 'read_calendar'],
  ['calendar.list_events', 'read_calendar'],
  ['calendar.get_events', 'read_calendar'],
  ['calendar.read', 'read_calendar'],
  ['calendar.create', 'create_event'],
  ['calendar.add_event', 'create_event'],
  ['calendar.create_event', 'create_event'],
  ['calendar.export_contacts', 'export_contacts'],
  ['contacts.export', 'export_contacts'],
  ['contacts.export_contacts', 'export_contacts'],
  ['contacts.export_all', 'export_contacts'],
  ['contacts.read', 'read_contacts'],
  ['database.export', 'export_data'],
  ['database.dump', 'export_data'],
  ['iam.grant_admin', 'grant_admin'],
]);

/** Functions that are known by their last name, wherever they come from. */
export const KNOWN_ACTIONS: ReadonlySet<string> = new Set([
  'read_calendar',
  'create_event',
  'export_contacts',
  'export_data',
  'grant_admin',
  'grant_role',
  'elevate_privileges',
  'send_email',
  'delete_event',
  'delete_contacts',
  'delete_user',
  'delete_data',
]);

/** Actions that nobody should come to by accident: a program that performs one never passes unnoticed. */
export const RISKY_ACTIONS: ReadonlySet<string> = new Set([
  'export_contacts',
  'export_data',
  'grant_admin',
  'grant_role',
  'elevate_privileges',
  'delete_contacts',
  'delete_user',
  'delete_data',
]);

/** Commands that copy a database out. */
export const DUMP_COMMANDS: ReadonlySet<string> = new Set([
  'mysqldump',
  'mariadb-dump',
  'pg_dump',
  'pg_dumpall',
  'mongodump',
  'mongoexport',
  'cqlsh-copy',
  'expdp',
  'mydumper',
]);
