import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { callPath, namesOfTool, targetOf, toolName } from '../../src/gateway/target.ts';

const PATH = '/v1/plugins/calendar/operations/read_events';

describe('what there is', () => {
  test('an operation', () => {
    expect(targetOf('POST', PATH)).toEqual({ kind: 'Call', plugin: 'calendar', operation: 'read_events' });
  });
  test('the list of what may be called', () => {
    expect(targetOf('GET', '/v1/plugins')).toEqual({ kind: 'List' });
  });
  test('the endpoint of MCP', () => {
    expect(targetOf('POST', '/mcp')).toEqual({ kind: 'Mcp' });
    for (const method of ['GET', 'DELETE']) expect(targetOf(method, '/mcp')).toEqual({ kind: 'McpStream' });
  });
  test.each([
    ['GET', PATH, 'POST'],
    ['HEAD', PATH, 'POST'],
    ['post', PATH, 'POST'],
    ['PUT', PATH, 'POST'],
    ['POST', '/v1/plugins', 'GET'],
    ['PUT', '/mcp', 'POST'],
  ])('%s %s: another method is told', (method, url, allow) => {
    expect(targetOf(method, url)).toEqual({ kind: 'Bad', code: 'BadMethod', allow });
  });
});

describe('a name can be written in one way only', () => {
  test.each([
    ['upper case', '/v1/plugins/Calendar/operations/read_events'],
    ['upper case in the operation', '/v1/plugins/calendar/operations/Read_events'],
    ['upper case in the path', '/V1/plugins/calendar/operations/read_events'],
    ['a percent-encoded letter', '/v1/plugins/%63alendar/operations/read_events'],
    ['a percent-encoded slash', '/v1/plugins/calendar%2foperations/read_events'],
    ['a percent-encoded slash in the name', '/v1/plugins/calendar/operations/read%2Fevents'],
    ['a percent-encoded end', '/v1/plugins/calendar/operations/read_events%00'],
    ['a full-width letter (NFKC)', '/v1/plugins/ｃalendar/operations/read_events'],
    ['a ligature (NFKC)', '/v1/plugins/ﬁles/operations/read'],
    ['a Kelvin sign', '/v1/plugins/\u212Aey/operations/read'],
    ['a dotless i', '/v1/plugins/f\u0131les/operations/read'],
    ['a zero-width space', '/v1/plugins/calendar\u200b/operations/read_events'],
    ['two underscores', '/v1/plugins/calendar/operations/read__events'],
    ['names joined by two underscores', '/v1/plugins/calendar__read_events/operations/x'],
    ['an underscore in the plugin', '/v1/plugins/calen_dar/operations/read_events'],
    ['a minus in the operation', '/v1/plugins/calendar/operations/read-events'],
    ['a dot', '/v1/plugins/calendar/operations/read.events'],
    ['dots that climb', '/v1/plugins/other/../calendar/operations/read_events'],
    ['dots that stay', '/v1/plugins/./calendar/operations/read_events'],
    ['two slashes', '/v1/plugins//calendar/operations/read_events'],
    ['two slashes at the front', '//v1/plugins/calendar/operations/read_events'],
    ['a slash at the end', `${PATH}/`],
    ['a backslash', '/v1/plugins\\calendar/operations/read_events'],
    ['a semicolon', `${PATH};x=1`],
    ['a query', `${PATH}?x=1`],
    ['an empty query', `${PATH}?`],
    ['a query of the list', '/v1/plugins?all=true'],
    ['a fragment', `${PATH}#x`],
    ['a space', `${PATH} `],
    ['a line end', `${PATH}\n`],
    ['an absolute URL', `http://gateway${PATH}`],
    ['a URL with a user', `http://a@gateway${PATH}`],
    ['an asterisk', '*'],
    ['nothing', ''],
    ['the root', '/'],
    ['a name that is too long', `/v1/plugins/${'a'.repeat(64)}/operations/read`],
    ['a URL that is far too long', `/v1/plugins/${'a'.repeat(100_000)}`],
  ])('%s', (_name, url) => {
    expect(targetOf('POST', url)).toEqual({ kind: 'Bad', code: 'BadTarget' });
    expect(targetOf('GET', url)).toEqual({ kind: 'Bad', code: 'BadTarget' });
  });

  test('whatever is read as a call is written in exactly one way', () => {
    const letters = fc.string({ unit: fc.constantFrom(...'aZ09-_./%2fé'), maxLength: 12 });
    fc.assert(
      fc.property(letters, letters, (plugin, operation) => {
        const url = callPath(plugin, operation);
        const target = targetOf('POST', url);
        if (target.kind === 'Call') expect(callPath(target.plugin, target.operation)).toBe(url);
      }),
    );
  });
});

describe('names of tools', () => {
  test('are taken apart as they were put together', () => {
    const names = { plugin: 'my-calendar', operation: 'read_events' };
    expect(namesOfTool(toolName(names.plugin, names.operation))).toEqual(names);
  });
  test.each([
    'calendar',
    'calendar.',
    '.read',
    'calendar.read.events',
    'calendar__read_events',
    'calendar/read_events',
    'Calendar.read_events',
    'calendar.read__events',
    'ｃalendar.read_events',
    'calendar.read_events\n',
    ' calendar.read_events',
  ])('%j is none', (name) => {
    expect(namesOfTool(name)).toBeUndefined();
  });
});
