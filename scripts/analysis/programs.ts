import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { languageOfFile } from '../../src/core/analysis/languages/index.ts';
import type { LanguageName } from '../../src/core/analysis/report.ts';

export interface Sample {
  readonly language: LanguageName;
  readonly code: string;
  /** The file that it comes from, or how it was made. */
  readonly from: string;
}

const FOLDERS = ['test/rules', 'examples/agent'];

/** The programs of the repository: the fixtures of all rules, hostile and honest lines in turn, and the agents of the examples. */
export function repositoryPrograms(): readonly Sample[] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => {
      const path = join(entry.parentPath, entry.name);
      if (!entry.isFile() || path === 'test/rules/rules.test.ts') return [];
      const code = readFileSync(path, 'utf8');
      const language = languageOfFile(path, code);
      return language ? [{ language: language.name, code, from: path }] : [];
    }),
  );
}

type Shape = (index: number) => string;

/** What honest programs are made of, with names and numbers that differ. */
const HONEST: Readonly<Record<'Python' | 'JavaScript' | 'Bash', Shape>> = {
  Python: (n) => `
class Account${n}:
    """Holds a balance and tells what was done."""

    def __init__(self, owner, balance=${n}):
        self.owner = owner
        self.balance = balance
        self.log = []

    def deposit(self, amount):
        if amount <= 0:
            raise ValueError(f"amount {amount} must be positive")
        self.balance += amount
        self.log.append(("deposit", amount))
        return self.balance


def summary${n}(rows):
    totals = {}
    for name, value in rows:
        totals[name] = totals.get(name, 0) + value
    return sorted(totals.items(), key=lambda item: -item[1])[:${(n % 7) + 1}]


print(summary${n}([("a", ${n}), ("b", 2), ("a", 3)]), Account${n}("x").deposit(${n + 1}))
`,
  JavaScript: (n) => `
class Queue${n} {
  constructor(limit = ${n}) {
    this.items = [];
    this.limit = limit;
  }
  push(item) {
    if (this.items.length > this.limit) throw new RangeError(\`more than \${this.limit}\`);
    this.items.push(item);
    return this.items.length;
  }
}
const grouped${n} = (rows) =>
  rows.reduce((groups, { key, value }) => {
    (groups[key] ??= []).push(value);
    return groups;
  }, {});
for (const [key, values] of Object.entries(grouped${n}([{ key: "a", value: ${n} }, { key: "b", value: 2 }])))
  console.log(key, values.map((value) => value * 2).join(", "), new Queue${n}().push(key));
`,
  Bash: (n) => `
count_lines_${n}() {
  local file="$1" total=0
  while IFS= read -r line; do
    case "$line" in
      '#'*) continue ;;
      *) total=$((total + 1)) ;;
    esac
  done < "$file"
  printf '%s: %d\\n' "$file" "$total"
}
for name in alpha beta gamma${n}; do
  if [ -f "$name.txt" ]; then
    count_lines_${n} "$name.txt" | sort -k2 -n | head -n ${(n % 9) + 1}
  else
    echo "no $name" >&2
  fi
done
`,
};

/** An honest program of about so many bytes. */
export function honestProgram(language: keyof typeof HONEST, bytes: number): Sample {
  let code = '';
  for (let index = 0; code.length < bytes; index += 1) code += HONEST[language](index);
  return { language, code, from: `generated, ${code.length} bytes` };
}

export const GENERATED = Object.keys(HONEST) as readonly (keyof typeof HONEST)[];
