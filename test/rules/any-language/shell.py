#!/bin/bash
# ruleid: ANY-LANGUAGE
print(1)
