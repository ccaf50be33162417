shared = "shared of package"
from .deep import DEEP as again
from . import deep
