from ..deep import DEEP as relative
