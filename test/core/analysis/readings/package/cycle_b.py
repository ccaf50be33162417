B = "b"
from cycle_a import A as from_a
