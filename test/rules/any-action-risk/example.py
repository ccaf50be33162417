from sekisho import plugins
# ruleid: ANY-ACTION-RISK
plugins.contacts.export_contacts()
# ruleid: ANY-ACTION-RISK
grant_admin("me")
# ok: ANY-ACTION-RISK
plugins.calendar.read_events(days=7)


def export_data(rows):
    return rows


# ok: ANY-ACTION-RISK
export_data([1])
# ok: ANY-ACTION-RISK
print("export_contacts")
