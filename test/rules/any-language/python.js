#!/usr/bin/env python3
// ruleid: ANY-LANGUAGE
console.log(1);
