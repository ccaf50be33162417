import pickle
import yaml
import json
# ruleid: PY-DESER
pickle.loads(b"cos\nsystem\n(S'id'\ntR.")
# ruleid: PY-DESER
yaml.load("a: 1")
# ok: PY-DESER
yaml.load("a: 1", Loader=yaml.SafeLoader)
# ok: PY-DESER
json.loads("{}")
import torch
# ruleid: PY-DESER
torch.load("x.pt")
# ruleid: PY-DESER
torch.load("x.pt", weights_only=False)
# ok: PY-DESER
torch.load("x.pt", weights_only=True)
