/** Key of the ConfigMap under which the records stand, a line each. */
const LOG_KEY = 'log';

/** Name of a ConfigMap of the audit log's ring, by its index from 0. */
export const auditSegmentName = (index: number): string => `sekisho-audit-${String(index).padStart(2, '0')}`;

/** The records that a ConfigMap of the ring holds, a line each. */
export const segmentLines = (
  map: { readonly data?: Readonly<Record<string, string>> } | undefined,
): string[] => (map?.data?.[LOG_KEY] ?? '').split('\n').filter((line) => line !== '');

/** The data of a ConfigMap of the ring. */
export const segmentData = (lines: readonly string[]): Record<string, string> => ({
  [LOG_KEY]: `${lines.join('\n')}\n`,
});
