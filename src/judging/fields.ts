/** The fields of an object of unknown making. */
export type Fields = Readonly<Record<string, unknown>>;

/** Whether a value is an object with fields: no list, no null. */
export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The fields of a value; none where it is no object. */
export const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {});

/** A value when it is text; else the empty text. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
