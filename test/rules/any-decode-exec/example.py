import base64
# ruleid: ANY-DECODE-EXEC
exec(base64.b64decode("cHJpbnQoMSk="))
# ok: ANY-DECODE-EXEC
print(base64.b64decode("cHJpbnQoMSk="))
