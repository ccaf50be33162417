// declares: read_calendar
const { plugins } = require("sekisho");
// ok: ANY-UNDECLARED
plugins.calendar.readEvents({ days: 7 });
// ruleid: ANY-UNDECLARED
plugins.calendar.createEvent({ title: "x" });
// ok: ANY-UNDECLARED
console.log("create_event");
