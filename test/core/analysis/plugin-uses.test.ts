/** What a program does with plugins, however it comes to them, is read out of it as actions. */
import { describe, expect, test } from '@jest/globals';
import type { ActionPattern } from '../../../src/core/analysis/actions.ts';
import { analyse } from '../../../src/core/analysis/engine.ts';
import type { LanguageName, Report } from '../../../src/core/analysis/report.ts';

const read = (language: LanguageName, code: string, actions: readonly ActionPattern[] = []): Report =>
  analyse({ language, code }, { actions });
const actionsOf = (report: Report): readonly string[] => report.actions.map(({ action }) => action).sort();

const PY = 'from sekisho import plugins\n';
const JS = "import { plugins } from 'sekisho';\n";

describe('honest use is left alone, and its actions are known', () => {
  test.each<[LanguageName, string, readonly string[]]>([
    ['Python', `${PY}print(len(plugins.calendar.read_events(days=7)))`, ['read_calendar']],
    ['Python', `${PY}print(plugins.calendar.read_events(days=7)[0]["summary"])`, ['read_calendar']],
    [
      'Python',
      `${PY}for event in plugins.calendar.read_events(days=7):\n    print(event["start"], event["summary"].upper())`,
      ['read_calendar'],
    ],
    ['Python', `${PY}plugins["team-calendar"].book_room(room="A")`, ['book_room']],
    ['Python', `${PY}plugins["calendar"]["create_event"](summary="x")`, ['create_event']],
    ['Python', 'import sekisho\nsekisho.plugins.calendar.read_events()', ['read_calendar']],
    [
      'Python',
      `${PY}for plugin in plugins.list():\n    print(plugin["name"], [one["name"] for one in plugin["operations"]])\nprint(plugins.list()[0]["name"])`,
      [],
    ],
    [
      'Python',
      'from sekisho import plugins, NotGranted\ntry:\n    plugins.calendar.read_events()\nexcept NotGranted as refused:\n    print(refused.code, refused.detail)',
      ['read_calendar'],
    ],
    ['TypeScript', `${JS}const events = await plugins.calendar.readEvents({ days: 7 });`, ['read_calendar']],
    [
      'TypeScript',
      `${JS}const found: readonly unknown[] = await plugins.calendar.read_events({});\nfound.map(String).join();`,
      ['read_calendar'],
    ],
    [
      'JavaScript',
      `${JS}plugins.calendar.readEvents({}).then((events) => events.length).catch(() => 0);`,
      ['read_calendar'],
    ],
    ['JavaScript', `${JS}await plugins['team-calendar'].bookRoom({ room: 'A' });`, ['book_room']],
    [
      'JavaScript',
      `${JS}for (const { name, operations } of await plugins.list()) console.log(name, operations[0].name);`,
      [],
    ],
    [
      'JavaScript',
      "const { plugins, NotGranted } = require('sekisho');\nplugins.calendar.createEvent({}).catch((error) => console.log(error instanceof NotGranted, error.code));",
      ['create_event'],
    ],
  ])('%s: %s', (language, code, actions) => {
    const report = read(language, code);
    expect([report.findings, report.riskScore, actionsOf(report)]).toEqual([[], 0, actions]);
  });
});

describe('hidden use is read as if it were plain', () => {
  test.each([
    'getattr(plugins.calendar, "export_contacts")()',
    'p = plugins\np.calendar.export_contacts()',
    'plugins["calendar"]["export_contacts"]()',
    'plugins["calen" + "dar"]["export_" "contacts"]()',
    'plugins["calendar"].export_contacts()',
    'plugins.calendar["export_contacts"]()',
    'plugins.__getitem__("calendar").__getitem__("export_contacts")()',
    'plugins.calendar.__getattr__("export_contacts")()',
    'import operator\noperator.attrgetter("calendar.export_contacts")(plugins)()',
    'import operator\noperator.itemgetter("export_contacts")(plugins.calendar)()',
    'import operator\noperator.getitem(plugins.calendar, "export_contacts")()',
    'for name in ["read_events", "export_contacts"]:\n    getattr(plugins.calendar, name)()',
    'for name in ["read_events", "export_contacts"]:\n    plugins.calendar[name]()',
    'ops = {"x": plugins.calendar.export_contacts}\nops["x"]()',
    'class Holder:\n    def __init__(self):\n        self.it = plugins.calendar\n    def go(self):\n        self.it.export_contacts()\nHolder().go()',
    '(lambda it: it.calendar.export_contacts)(plugins)()',
    '__import__("sekisho").plugins["calendar"]["export_contacts"]()',
    'import sys\nsys.modules["sekisho"].plugins["calendar"]["export_contacts"]()',
    'import sekisho\nvars(sekisho)["plugins"]["calendar"]["export_contacts"]()',
    'import sekisho\nsekisho._Plugin("calendar").export_contacts()',
  ])('Python: %s', (code) => {
    const report = read('Python', PY + code);
    expect(actionsOf(report)).toContain('export_contacts');
    expect(report.findings).toContainEqual(expect.objectContaining({ rule: 'ANY-ACTION-RISK' }));
  });

  test.each([
    'await plugins?.calendar?.exportContacts?.();',
    "await plugins['calendar']['exportContacts']();",
    "await plugins.calendar['export' + 'Contacts']();",
    'await plugins.calendar.EXPORT_CONTACTS();',
    'const { calendar: { exportContacts: f } } = plugins;\nawait f();',
    'const all = [plugins.calendar.exportContacts];\nawait all[0]();',
    "await Reflect.get(plugins.calendar, 'exportContacts')();",
    'await plugins.calendar.exportContacts.call(null, {});',
    "(await import('sekisho')).plugins.calendar.exportContacts();",
    "import('sekisho').then(({ plugins: p }) => p.calendar.exportContacts());",
    "import * as all from './node_modules/sekisho/index.js';\nall.plugins.calendar.exportContacts();",
  ])('JavaScript: %s', (code) => {
    const report = read('JavaScript', JS + code);
    expect(actionsOf(report)).toContain('export_contacts');
    expect(report.findings).toContainEqual(expect.objectContaining({ rule: 'ANY-ACTION-RISK' }));
  });
});

test('JavaScript: the module is known by its path too', () => {
  const code =
    "import * as it from '/workspace/node_modules/sekisho/index.js';\nit.plugins.calendar.readEvents();";
  expect(actionsOf(read('JavaScript', code))).toEqual(['read_calendar']);
});

describe('what is named at run time is an operation that no role allows', () => {
  test.each<[LanguageName, string]>([
    ['Python', `${PY}getattr(plugins.calendar, input())()`],
    ['Python', `${PY}plugins.calendar[input()]()`],
    ['Python', `${PY}plugins[input()].read_events()`],
    ['Python', `${PY}getattr(plugins, input()).read_events()`],
    ['Python', `${PY}name = "read_events" if input() else input()\nplugins.calendar[name]()`],
    ['Python', `${PY}import operator\noperator.attrgetter("calendar." + input())(plugins)()`],
    ['Python', `${PY}plugins.calendar._name`],
    ['Python', 'import sekisho\nsekisho._ask("POST", "/v1/plugins/calendar/operations/anything", b"{}")'],
    ['Python', 'import sekisho\ngetattr(sekisho, input())("POST", "/v1/plugins", b"{}")'],
    ['JavaScript', `${JS}await plugins.calendar[process.argv[2]]();`],
    ['JavaScript', `${JS}await plugins[process.argv[2]].readEvents();`],
    ['JavaScript', `${JS}const { [process.argv[2]]: call } = plugins.calendar;\nawait call();`],
  ])('%s: %s', (language, code) => {
    expect(actionsOf(read(language, code))).toContain('unknown_operation');
  });
});

describe('an administrator may say which action an operation is', () => {
  const SAID = [{ call: 'sekisho.plugins.team-mail.send_now', action: 'send_email' }];
  test.each<[LanguageName, string]>([
    ['Python', `${PY}plugins["team-mail"].send_now()`],
    ['Python', `${PY}getattr(plugins["team-mail"], "send_now")()`],
    ['JavaScript', `${JS}await plugins['team-mail'].sendNow();`],
    ['JavaScript', `${JS}await plugins['team-mail'].send_now();`],
  ])('%s: %s', (language, code) => {
    expect(actionsOf(read(language, code, SAID))).toEqual(['send_email']);
  });
});

test('no action has a longer name than a verdict may hold', () => {
  const code = `${PY}plugins.calendar.${'x'.repeat(64)}()`;
  expect(actionsOf(read('Python', code))).toEqual(['unknown_operation']);
});
