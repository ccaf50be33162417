import os
import requests
# ok: ANY-EXFIL
requests.get("https://example.com", headers={"authorization": os.environ["API_TOKEN"]})
