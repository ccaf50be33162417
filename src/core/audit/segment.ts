/** Key of the ConfigMap under which the records stand, a line each. */
export const LOG_KEY = 'log';

/** Name of a ConfigMap of the audit log's ring, by its index from 0. */
export const auditSegmentName = (index: number): string => `sekisho-audit-${String(index).padStart(2, '0')}`;
