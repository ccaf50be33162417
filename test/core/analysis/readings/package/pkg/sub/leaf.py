LEAF = "leaf"
from ..deep import DEEP
from .. import shared as up
