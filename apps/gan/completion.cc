// gan completion: scripts that complete commands and options, made from their declarations.
#include <algorithm>
#include <cstdio>
#include <memory>
#include <utility>

#include "command.h"
#include "text.h"

namespace gan::cli {
namespace {

constexpr const char* kExamples =
    "  gan completion bash > ~/.local/share/bash-completion/completions/gan\n"
    "  gan completion zsh > ~/.zfunc/_gan          with fpath+=~/.zfunc before compinit\n"
    "  gan completion fish > ~/.config/fish/completions/gan.fish\n";

struct OptionWords {
  std::vector<std::string> names;    // "-m", "--model"
  std::vector<std::string> choices;  // words that it takes, where these are fixed
  bool takes_value = false;
  std::string help;
};

struct CommandWords {
  std::string name;
  std::string help;
  std::vector<OptionWords> options;      // with those of the commands below it
  std::vector<std::string> subcommands;  // the commands below it
};

// "auto|exact|N|off" -> auto, exact, off: what is in capitals stands for something else.
std::vector<std::string> ChoicesOf(const std::string& value) {
  std::vector<std::string> choices;
  if (value.find('|') == std::string::npos) return choices;
  for (const std::string& word : CLI::detail::split(value, '|')) {
    if (word.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string::npos) {
      choices.push_back(word);
    }
  }
  return choices;
}

OptionWords WordsOf(const CLI::Option& option) {
  OptionWords words;
  for (const std::string& name : option.get_snames()) words.names.push_back(Cat("-", name));
  for (const std::string& name : option.get_lnames()) words.names.push_back(Cat("--", name));
  words.takes_value = option.get_items_expected_max() > 0;
  if (words.takes_value) words.choices = ChoicesOf(option.get_type_name());
  words.help = option.get_description();
  return words;
}

// An option that several of them have is listed once.
void AddOptionsOf(const CLI::App& command, CommandWords& words) {
  for (const CLI::Option* option : command.get_options()) {
    if (!option->nonpositional()) continue;
    OptionWords added = WordsOf(*option);
    const bool known = std::ranges::any_of(
        words.options, [&](const OptionWords& other) { return other.names == added.names; });
    if (!known) words.options.push_back(std::move(added));
  }
}

std::vector<CommandWords> WordsOf(const CLI::App& app) {
  std::vector<CommandWords> commands;
  for (const CLI::App* command : app.get_subcommands({})) {
    CommandWords words = {command->get_name(), command->get_description(), {}, {}};
    AddOptionsOf(*command, words);
    for (const CLI::App* below : command->get_subcommands({})) {
      words.subcommands.push_back(below->get_name());
      AddOptionsOf(*below, words);
    }
    commands.push_back(words);
  }
  return commands;
}

std::string Join(const std::vector<std::string>& words, const char* between) {
  return CLI::detail::join(words, between);
}

// `text` inside single quotes of a shell.
std::string Quoted(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string BashScript(const std::vector<CommandWords>& commands) {
  std::string names;
  std::string values;  // what follows an option
  std::string options;
  for (const CommandWords& command : commands) {
    names += Cat(" ", command.name);
    std::vector<std::string> all;
    for (const OptionWords& option : command.options) {
      all.insert(all.end(), option.names.begin(), option.names.end());
      if (!option.takes_value) continue;
      std::vector<std::string> patterns;
      for (const std::string& name : option.names) patterns.push_back(Cat(command.name, ",", name));
      values += Cat("    ", Join(patterns, "|"), ") COMPREPLY=($(compgen -W \"",
                    Join(option.choices, " "), "\" -- \"$cur\")); return ;;\n");
    }
    options += Cat("    ", command.name, ") words=\"", Join(all, " "), "\" below=\"",
                   Join(command.subcommands, " "), "\" ;;\n");
  }
  // An empty reply makes bash offer files (-o default).
  return Cat(
      "_gan() {\n"
      "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} words= below=\n"
      "  COMPREPLY=()\n"
      "  if ((COMP_CWORD == 1)); then\n"
      "    COMPREPLY=($(compgen -W \"--help --version",
      names,
      "\" -- \"$cur\"))\n"
      "    return\n"
      "  fi\n"
      "  case \"${COMP_WORDS[1]},$prev\" in\n",
      values,
      "  esac\n"
      "  case \"${COMP_WORDS[1]}\" in\n",
      options,
      "  esac\n"
      "  if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
      "  elif ((COMP_CWORD == 2)); then COMPREPLY=($(compgen -W \"$below\" -- \"$cur\")); fi\n"
      "}\n"
      "complete -o default -F _gan gan\n");
}

// Help inside [...] of zsh's _arguments.
std::string ZshHelp(const std::string& help) {
  std::string escaped;
  for (const char c : help) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

std::string ZshScript(const std::vector<CommandWords>& commands) {
  std::string described;
  std::string cases;
  for (const CommandWords& command : commands) {
    described += Cat("    ", Quoted(Cat(command.name, ":", ZshHelp(command.help))), "\n");
    cases += Cat("    ", command.name, ") _arguments \\\n");
    for (const OptionWords& option : command.options) {
      for (const std::string& name : option.names) {
        std::string spec = Cat(name, "[", ZshHelp(option.help), "]");
        if (option.takes_value) {
          spec += option.choices.empty() ? ":value:_files"
                                         : Cat(":value:(", Join(option.choices, " "), ")");
        }
        cases += Cat("      ", Quoted(spec), " \\\n");
      }
    }
    if (!command.subcommands.empty()) {
      cases += Cat("      '1:command or file:{compadd ", Join(command.subcommands, " "),
                   "; _files}' \\\n");
    }
    cases += "      '*:file:_files' ;;\n";
  }
  return Cat(
      "#compdef gan\n"
      "_gan() {\n"
      "  local -a commands=(\n",
      described,
      "  )\n"
      "  if ((CURRENT == 2)); then _describe command commands; return; fi\n"
      "  shift words\n"
      "  ((CURRENT--))\n"
      "  case $words[1] in\n",
      cases,
      "  esac\n"
      "}\n"
      "compdef _gan gan\n");
}

std::string FishScript(const std::vector<CommandWords>& commands) {
  std::string script;
  for (const CommandWords& command : commands) {
    script += Cat("complete -c gan -n __fish_use_subcommand -f -a ", command.name, " -d ",
                  Quoted(command.help), "\n");
    if (!command.subcommands.empty()) {
      script += Cat("complete -c gan -n '__fish_seen_subcommand_from ", command.name, "' -a ",
                    Quoted(Join(command.subcommands, " ")), "\n");
    }
    for (const OptionWords& option : command.options) {
      script += Cat("complete -c gan -n '__fish_seen_subcommand_from ", command.name, "'");
      for (const std::string& name : option.names) {
        script += name[1] == '-' ? Cat(" -l ", name.substr(2)) : Cat(" -s ", name.substr(1));
      }
      if (option.takes_value) script += " -r";
      if (!option.choices.empty()) script += Cat(" -f -a ", Quoted(Join(option.choices, " ")));
      script += Cat(" -d ", Quoted(option.help), "\n");
    }
  }
  return script;
}

int Run(const CLI::App& app, const std::string& shell) {
  const std::vector<CommandWords> commands = WordsOf(app);
  const std::string script = shell == "bash"  ? BashScript(commands)
                             : shell == "zsh" ? ZshScript(commands)
                                              : FishScript(commands);
  std::fputs(script.c_str(), stdout);
  return 0;
}

}  // namespace

void AddCompletion(CLI::App& app, Action& action) {
  const auto shell = std::make_shared<std::string>();
  CLI::App& command =
      AddCommand(app, "completion", "print a script that completes commands in a shell", kExamples);
  command.add_option("SHELL", *shell, "bash, zsh or fish")
      ->required()
      ->type_name("")
      ->check([](const std::string& name) {
        const bool known = name == "bash" || name == "zsh" || name == "fish";
        return known ? "" : "wants bash, zsh or fish, got \"" + name + "\"";
      });
  command.callback([shell, &app, &action] { action = [shell, &app] { return Run(app, *shell); }; });
}

}  // namespace gan::cli
