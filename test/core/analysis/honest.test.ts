import { describe, expect, it } from '@jest/globals';
import { analyse } from '../../../src/core/analysis/engine.ts';
import type { LanguageName } from '../../../src/core/analysis/report.ts';
import { gravity } from '../../../src/core/analysis/report.ts';

/** Everyday programs, which nobody may be kept from running. */
const PROGRAMS: readonly (readonly [LanguageName, string])[] = [
  [
    'Python',
    'import csv, sys\nfrom collections import Counter, defaultdict\nrows = csv.DictReader(sys.stdin)\ntotals = defaultdict(int)\nfor row in rows:\n    totals[row["city"]] += int(row["sales"])\nfor city, total in sorted(totals.items()):\n    print(f"{city}: {total}")\n',
  ],
  [
    'Python',
    'import json\nfrom dataclasses import dataclass, asdict\n\n@dataclass\nclass Point:\n    x: int\n    y: int = 0\n\npoints = [Point(i, i * i) for i in range(10)]\nwith open("points.json", "w") as out:\n    json.dump([asdict(p) for p in points], out, indent=2)\n',
  ],
  [
    'Python',
    'import re, sys\npattern = re.compile(r"(\\w+)@(\\w+)\\.com")\nfor line in sys.stdin:\n    match = pattern.search(line.strip())\n    if match:\n        print(match.group(1), getattr(match, "lastindex"))\n',
  ],
  [
    'Python',
    'import argparse\nfrom pathlib import Path\nparser = argparse.ArgumentParser()\nparser.add_argument("path", type=Path)\nparser.add_argument("--limit", type=int, default=10)\nargs = parser.parse_args()\ntext = args.path.read_text(encoding="utf-8")\nprint(text[: args.limit])\n',
  ],
  [
    'Python',
    'import os, sys\nhome = os.environ.get("HOME", "/tmp")\npath = os.path.join(home, "notes", sys.argv[1] if len(sys.argv) > 1 else "a.txt")\nprint(os.path.exists(path), os.path.splitext(os.path.basename(path)), os.getcwd())\n',
  ],
  [
    'Python',
    'import asyncio\nasync def work(n):\n    await asyncio.sleep(0.01)\n    return n * 2\nasync def main():\n    queue = asyncio.Queue()\n    async def worker():\n        while True:\n            item = await queue.get()\n            if item is None:\n                break\n            print(item)\n    print(await asyncio.gather(*(work(i) for i in range(5))))\nasyncio.run(main())\n',
  ],
  [
    'Python',
    'while True:\n    line = input("> ")\n    if line == "quit":\n        break\n    print(line.upper())\n',
  ],
  [
    'Python',
    'import sqlite3, tempfile, shutil, os\nwith tempfile.TemporaryDirectory() as folder:\n    db = sqlite3.connect(os.path.join(folder, "a.db"))\n    db.execute("create table t (a int)")\n    db.executemany("insert into t values (?)", [(i,) for i in range(100)])\n    print(db.execute("select sum(a) from t").fetchone())\n',
  ],
  [
    'Python',
    'import logging, unittest, itertools, functools, heapq, math, random, statistics, datetime\nlogging.basicConfig(level=logging.INFO)\n@functools.lru_cache(maxsize=None)\ndef fib(n):\n    return n if n < 2 else fib(n - 1) + fib(n - 2)\nlogging.info("%s", [fib(n) for n in range(30)])\nprint(statistics.mean(range(10)), heapq.nsmallest(3, [5, 1, 4]), datetime.date(2024, 1, 1))\n',
  ],
  [
    'Python',
    'from concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor(max_workers=4) as pool:\n    for result in pool.map(lambda n: n * n, range(10)):\n        print(result)\n',
  ],
  [
    'Python',
    'config = {"system": "prod", "eval": 3, "exec": {"fork": 1}}\nprint(config["system"], config.get("eval"), config["exec"]["fork"])\nclass Job:\n    def system(self): return 1\n    def exec(self): return 2\nj = Job(); j.system(); j.exec()\n',
  ],
  [
    'Python',
    'import gzip, zipfile, base64, hashlib\ndata = base64.b64decode("aGVsbG8=")\nprint(hashlib.sha256(data).hexdigest(), gzip.decompress(gzip.compress(data)))\nwith zipfile.ZipFile("a.zip", "w") as z:\n    z.writestr("a.txt", data)\n',
  ],
  [
    'Python',
    'def read_chunks(path):\n    with open(path, "rb") as f:\n        while chunk := f.read(8192):\n            yield chunk\nprint(sum(len(c) for c in read_chunks("data.bin")))\n',
  ],
  [
    'Python',
    'def gen():\n    n = 0\n    while True:\n        yield n\n        n += 1\nimport itertools\nprint(list(itertools.islice(gen(), 5)))\n',
  ],
  [
    'JavaScript',
    'const fs = require("node:fs");\nconst path = require("node:path");\nfor (const name of fs.readdirSync(".")) {\n  const text = fs.readFileSync(path.join(".", name), "utf8");\n  console.log(name, text.split("\\n").length);\n}\nfs.writeFileSync("out.json", JSON.stringify({ done: true }));\n',
  ],
  [
    'JavaScript',
    'import readline from "node:readline";\nconst rl = readline.createInterface({ input: process.stdin });\nconst counts = new Map();\nfor await (const line of rl) {\n  for (const word of line.toLowerCase().match(/\\w+/g) ?? []) counts.set(word, (counts.get(word) ?? 0) + 1);\n}\nconsole.log([...counts].sort((a, b) => b[1] - a[1]).slice(0, 10));\n',
  ],
  [
    'JavaScript',
    'const args = process.argv.slice(2);\nconst re = /a+b/g; let m;\nwhile ((m = re.exec(args.join(" "))) !== null) console.log(m.index);\nwhile (true) { if (Math.random() > 0.9) break; }\nsetTimeout(() => console.log("done"), 10);\nconsole.log(process.env.HOME, process.cwd());',
  ],
  [
    'JavaScript',
    'class Stack { #items = []; push(x) { this.#items.push(x); } pop() { return this.#items.pop(); } }\nconst s = new Stack(); for (let i = 0; i < 10; i++) s.push(i);\nconst obj = { exec: () => 1, eval2: 2 }; obj.exec();\nconst { a, ...rest } = { a: 1, b: 2 }; console.log(Object.entries(rest).map(([k, v]) => `${k}=${v}`).join("&"));',
  ],
  [
    'TypeScript',
    'interface User { readonly name: string; age?: number }\nconst users: User[] = JSON.parse(await (await import("node:fs/promises")).readFile("users.json", "utf8"));\nconst byAge = new Map<number, User[]>();\nfor (const user of users) byAge.set(user.age ?? 0, [...(byAge.get(user.age ?? 0) ?? []), user]);\nconsole.log([...byAge.keys()]);\n',
  ],
  [
    'TypeScript',
    'enum Color { Red, Green }\nabstract class Shape<T extends object> { constructor(protected readonly value: T) {} abstract area(): number }\nclass Square extends Shape<{ side: number }> { area(): number { return this.value.side ** 2; } }\nconsole.log(new Square({ side: 2 }).area(), Color[Color.Red]);\n',
  ],
  [
    'Bash',
    'set -euo pipefail\ngrep -c ERROR app.log || true\nsort names.txt | uniq -c | sort -rn | head -n 5 | awk \'{print $2}\' > top.txt\nsed -i "s/foo/bar/g" config.txt\n',
  ],
  ['Bash', 'while IFS=, read -r name age; do\n  echo "$name is $age"\ndone < people.csv\n'],
  [
    'Bash',
    'i=0\nwhile true; do\n  i=$((i + 1))\n  if [ "$i" -ge 10 ]; then break; fi\ndone\nfor f in *.txt; do wc -l "$f"; done\nfind . -name "*.log" -print0 | xargs -0 grep -l ERROR\n',
  ],
  [
    'Bash',
    'old="$IFS"; IFS=$\'\\n\'\nfor line in $(cat list.txt); do echo "$line"; done\nIFS="$old"\ntmp=$(mktemp -d); trap \'rm -rf "$tmp"\' EXIT\ncp data.csv "$tmp/"\ncut -d, -f1 "$tmp/data.csv" | tr a-z A-Z | tee out.txt\n',
  ],
  [
    'Bash',
    'usage() { echo "usage: $0 file" >&2; exit 1; }\n[ $# -eq 1 ] || usage\ncase "$1" in *.gz) gunzip -c "$1" ;; *) cat "$1" ;; esac | jq -r ".[] | .name"\n',
  ],
];

describe('honest programs', () => {
  it.each(PROGRAMS)('in %s pass: %j', (language, code) => {
    const report = analyse({ language, code });
    expect(report.parsed).toBe(true);
    expect(report.findings.filter(({ severity }) => gravity(severity) >= gravity('Medium'))).toEqual([]);
  });
});
