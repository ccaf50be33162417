# ruleid: ANY-DECODE-EXEC
echo aWQ=|base64 -d|sh
# ruleid: ANY-DECODE-EXEC
echo di | rev | bash
# ok: ANY-DECODE-EXEC
echo aWQ= | base64 -d
