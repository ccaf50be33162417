first = "first of all"
