# declares: read_calendar, create_event
from sekisho import plugins
# ok: ANY-UNDECLARED
for event in plugins.calendar.read_events(days=7):
    # ok: ANY-UNDECLARED
    plugins.calendar.create_event(title=event.title)
# ruleid: ANY-UNDECLARED
send_email("bob@example.com")
# ok: ANY-UNDECLARED
print("send_email")
