# ruleid: ANY-ACTION-RISK
export_contacts --all
# ok: ANY-ACTION-RISK
echo export_contacts
