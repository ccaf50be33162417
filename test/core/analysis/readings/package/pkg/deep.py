DEEP = "deep"
_private = "private"
from .sub import leaf as below
