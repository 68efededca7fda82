import { CliError } from '../../cli-error.ts';
import type { Context } from '../../context.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';

const BASH = `# mcp-tasks completion bash >> ~/.bashrc
_mcp_tasks() {
  local line words current begun part
  read -ra words <<< "\${COMP_LINE:0:COMP_POINT}"
  case "\${COMP_LINE:0:COMP_POINT}" in *[[:space:]]) words+=("") ;; esac
  current="\${words[\${#words[@]}-1]}"
  # Bash splits a URL and name=value into words: replace only the last one.
  begun=""
  case "$COMP_WORDBREAKS" in *:*) begun="\${current%"\${current##*:}"}" ;; esac
  case "$COMP_WORDBREAKS" in *=*) part="\${current%"\${current##*=}"}"; [ \${#part} -gt \${#begun} ] && begun="$part" ;; esac
  COMPREPLY=()
  while IFS=$'\\t' read -r line _; do
    COMPREPLY+=("\${line#"$begun"}")
    case "$line" in *=) compopt -o nospace 2>/dev/null ;; esac
  done < <(mcp-tasks __complete "\${words[@]:1}" 2>/dev/null)
  if [ \${#COMPREPLY[@]} -eq 0 ]; then compopt -o default 2>/dev/null; fi
}
complete -F _mcp_tasks mcp-tasks
`;

const ZSH = `#compdef mcp-tasks
# mcp-tasks completion zsh > "\${fpath[1]}/_mcp-tasks"
_mcp_tasks() {
  local -a found
  local word about
  while IFS=$'\\t' read -r word about; do
    found+=("\${word//:/\\\\:}\${about:+:$about}")
  done < <(mcp-tasks __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)
  if (( \${#found} )); then _describe 'mcp-tasks' found; else _files; fi
}
if [ "$funcstack[1]" = "_mcp_tasks" ]; then _mcp_tasks "$@"; else compdef _mcp_tasks mcp-tasks; fi
`;

const FISH = `# mcp-tasks completion fish > ~/.config/fish/completions/mcp-tasks.fish
function __mcp_tasks_complete
  set -l words (commandline -opc) (commandline -ct)
  mcp-tasks __complete $words[2..-1] 2>/dev/null
end
complete -c mcp-tasks -f -a '(__mcp_tasks_complete)'
`;

const SCRIPTS: Readonly<Record<string, string>> = { bash: BASH, zsh: ZSH, fish: FISH };

export function runCompletion(shell: string, context: Context): ExitCode {
  const script = Object.hasOwn(SCRIPTS, shell) ? SCRIPTS[shell] : undefined;
  if (script === undefined) {
    throw new CliError('usage', `No completion for "${shell}"`, `There is ${Object.keys(SCRIPTS).join(', ')}.`);
  }
  context.stdout.write(script);
  return exitCodes.completed;
}
