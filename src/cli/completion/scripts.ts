/** The shells that can be taught. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

const BASH = `# bash completion of sekisho: source <(sekisho completion bash)
_sekisho() {
  local line words=() directive=0
  while IFS= read -r line; do
    case $line in
      :*) directive=\${line#:} ;;
      *) words+=("\${line%%$'\\t'*}") ;;
    esac
  done < <("\${COMP_WORDS[0]}" __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  COMPREPLY=("\${words[@]}")
  if [ "$directive" = 0 ]; then compopt -o default; fi
}
complete -F _sekisho sekisho
`;

const ZSH = `#compdef sekisho
# zsh completion of sekisho: source <(sekisho completion zsh)
_sekisho() {
  local line directive=0
  local -a described
  while IFS= read -r line; do
    case $line in
      :*) directive=\${line#:} ;;
      *) line=\${line//:/\\\\:}; described+=("\${line/$'\\t'/:}") ;;
    esac
  done < <("\${words[1]}" __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)
  if [ "$directive" = 0 ]; then _files; else _describe sekisho described; fi
}
compdef _sekisho sekisho
`;

const FISH = `# fish completion of sekisho: sekisho completion fish | source
function __sekisho_complete
  set -l line (commandline -opc) (commandline -ct)
  set -l program $line[1]
  set -e line[1]
  set -l answer ($program __complete $line 2>/dev/null)
  if test "$answer[-1]" = ':0'
    __fish_complete_path (commandline -ct)
  else if test (count $answer) -gt 1
    printf '%s\\n' $answer[1..-2]
  end
end
complete -c sekisho -f -a '(__sekisho_complete)'
`;

/** What a shell reads to complete command lines of sekisho. */
export const SCRIPTS: Readonly<Record<Shell, string>> = { bash: BASH, zsh: ZSH, fish: FISH };
