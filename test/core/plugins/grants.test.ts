import { describe, expect, test } from '@jest/globals';
import { grantedOperation, grantsOf } from '../../../src/core/plugins/grants.ts';
import { aPlugin, aRole } from '../../support/build.ts';

const ALL = ['read_calendar', 'create_event', 'export_contacts'];
const listing = (operations: readonly string[], allowedActions: readonly string[] = ALL) =>
  aRole({ allowedActions, plugins: [{ name: 'calendar', operations }] });
const OPERATIONS = ['read_events', 'create_event', 'export_contacts'];

const granted = (given: Partial<Parameters<typeof grantsOf>[0]>) =>
  grantsOf({
    wanted: ['calendar'],
    actions: ALL,
    role: listing(OPERATIONS),
    plugins: new Map([['calendar', aPlugin()]]),
    ...given,
  }).flatMap(({ operations }) => operations);

describe('what is granted', () => {
  test.each([
    ['all that request, role, plugin and actions have in common', {}, OPERATIONS],
    ['nothing that the request does not name', { wanted: [] }, []],
    ['nothing that the role does not list', { role: listing(['read_events']) }, ['read_events']],
    ['nothing of a role without plugins', { role: aRole({ allowedActions: ALL }) }, []],
    [
      'nothing whose action the role does not allow',
      { role: listing(OPERATIONS, ['read_calendar']) },
      ['read_events'],
    ],
    ['nothing whose action was not judged', { actions: ['create_event'] }, ['create_event']],
    ['nothing of a plugin that does not exist', { plugins: new Map() }, []],
  ])('%s', (_title, given, want) => {
    expect(granted(given)).toEqual(want);
  });

  test('an action that needs approval is granted: the request has been approved by then', () => {
    const role = aRole({
      approvalActions: ['export_contacts'],
      plugins: [{ name: 'calendar', operations: ['export_contacts'] }],
    });
    expect(granted({ role })).toEqual(['export_contacts']);
  });
});

describe('what a grant leads to later', () => {
  const grants = grantsOf({
    wanted: ['calendar'],
    actions: ['read_calendar'],
    role: listing(OPERATIONS),
    plugins: new Map([['calendar', aPlugin()]]),
  });
  const found = (given: Partial<Parameters<typeof grantedOperation>[1]> = {}) =>
    grantedOperation(grants, {
      plugin: aPlugin(),
      role: listing(OPERATIONS),
      operation: 'read_events',
      ...given,
    })?.name;

  test('is the granted operation while nothing has changed', () => {
    expect(found()).toBe('read_events');
  });
  test.each([
    ['another operation', { operation: 'create_event' }],
    ['another spelling', { operation: 'Read_events' }],
    ['a plugin that was changed', { plugin: aPlugin({}, { generation: 2 }) }],
    ['a plugin that was made anew', { plugin: aPlugin({}, { uid: 'another' }) }],
    ['a plugin of another name', { plugin: aPlugin({}, { name: 'notes' }) }],
    ['a role that no longer lists it', { role: listing(['create_event']) }],
    ['a role that no longer allows its action', { role: listing(OPERATIONS, ['create_event']) }],
  ])('is nothing for %s', (_title, given) => {
    expect(found(given)).toBeUndefined();
  });
});
