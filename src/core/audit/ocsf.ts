import type { CallRecord } from './call-record.ts';
import type { RequestEvent } from './event.ts';

/** A process begins to write. */
export interface OpenEvent {
  readonly activity: 'Open';
  /** Name of the process. */
  readonly writer: string;
  /** Records that an earlier process wrote to its standard output and could not save in the cluster. */
  readonly lost: number;
}

export type LogEvent = RequestEvent | CallRecord | OpenEvent;

interface Place {
  /** Epoch milliseconds. */
  readonly time: number;
  readonly sequence: number;
  readonly previous: string;
}

/** Version of the Open Cybersecurity Schema Framework (schema.ocsf.io) whose class API Activity (6003) the records are. */
const OCSF_VERSION = '1.6.0';
const CATEGORY = 6;
const CLASS = 6003;
/** None of the activities of the class (create, read, update, delete): the word stands in activity_name. */
const OTHER = 99;
const INFORMATIONAL = 1;
const HIGH = 4;
const ALLOWED = 1;
const DENIED = 2;

const isRefusal = (event: LogEvent): boolean =>
  event.activity === 'Refuse' ||
  (event.activity === 'Judge' && event.verdict?.decision === 'Deny') ||
  (event.activity === 'Call' && event.outcome === 'Refused');

/** The component that writes each activity. */
const serviceOf = ({ activity }: LogEvent): string =>
  activity === 'Call' ? 'sekisho-gateway' : 'sekisho-controller';

function subjectOf(event: LogEvent): object {
  if (event.activity === 'Open') return { actor: { user: { name: event.writer } } };
  const { requester = {}, request } = event;
  const { username: name, uid, groups = [] } = requester;
  return {
    actor: { user: { name, ...(uid ? { uid } : {}), groups: groups.map((group) => ({ name: group })) } },
    resources: request ? [{ type: 'CodeExecutionRequest', ...request }] : [],
    action_id: isRefusal(event) ? DENIED : ALLOWED,
  };
}

/** What OCSF has no place for, under our own names; with the link to the record before. */
function unmappedOf(event: LogEvent, previous: string): object {
  if (event.activity === 'Open') return { lost: event.lost, previous };
  const { activity: _activity, request: _request, requester: _requester, ...rest } = event;
  return { ...rest, previous };
}

/** An event as an OCSF event of class API Activity. */
export function ocsfOf(event: LogEvent, { time, sequence, previous }: Place) {
  return {
    activity_id: OTHER,
    activity_name: event.activity,
    api: { operation: event.activity, service: { name: 'sekisho.dev' } },
    category_uid: CATEGORY,
    class_uid: CLASS,
    metadata: {
      product: { name: 'Sekisho', vendor_name: 'Sekisho' },
      sequence,
      version: OCSF_VERSION,
    },
    severity_id: 'breakGlass' in event && event.breakGlass ? HIGH : INFORMATIONAL,
    src_endpoint: { svc_name: serviceOf(event) },
    time,
    type_uid: CLASS * 100 + OTHER,
    ...subjectOf(event),
    unmapped: unmappedOf(event, previous),
  };
}
