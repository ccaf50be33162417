import { plugins } from "sekisho";
// ruleid: ANY-ACTION-RISK
plugins.contacts.exportContacts();
// ok: ANY-ACTION-RISK
plugins.calendar.createEvent({ title: "x" });
