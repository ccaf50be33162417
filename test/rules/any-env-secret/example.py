import os
# ruleid: ANY-ENV-SECRET
os.getenv("AWS_SECRET" + "_ACCESS_KEY")
# ruleid: ANY-ENV-SECRET
token = os.environ["GITHUB_TOKEN"]
# ok: ANY-ENV-SECRET
home = os.environ["HOME"]
