# coding: utf-7
x = "\u200b"
