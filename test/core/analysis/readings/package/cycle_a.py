A = "a"
from cycle_b import B as from_b
