raise SystemExit("a module of the interpreter comes first")
