from sekisho import plugins
# ok: ANY-UNDECLARED
plugins.calendar.read_events(days=7)
