#!/usr/bin/env node
// ok: ANY-LANGUAGE
console.log(1);
