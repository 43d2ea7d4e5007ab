#include "app/completion.h"

#include "app/app.h"
#include "app/options.h"

#include <stdbool.h>
#include <string.h>

/* Prints words, separated by spaces. */
static void print_words(FILE *to, const char *const *words)
{
    for (size_t i = 0; words[i] != NULL; i++)
        fprintf(to, "%s%s", i > 0 ? " " : "", words[i]);
}

/* Whether the command takes the name of an operation. */
static bool takes_operation(const struct command *command)
{
    return command->command == COMMAND_CLIENT &&
           (command->verb == CLIENT_call || command->verb == CLIENT_fault);
}

/* Whether the first word after the command can be completed. */
static bool has_operand(const struct command *command)
{
    return command->operand != NULL || takes_operation(command);
}

/* Prints what the first word after the command can be, separated by spaces. */
static void print_operand_words(FILE *to, const struct command *command)
{
    if (command->operand != NULL) {
        print_words(to, command->operand->choices);
        return;
    }
    for (const struct service *const *s = app_services; *s != NULL; s++) {
        for (size_t i = 0; i < (*s)->count; i++)
            fprintf(to, "%s ", (*s)->operations[i].name);
    }
}

/* Prints the options that a command accepts, separated by spaces. */
static void print_options(FILE *to, const struct command *command)
{
    const char *separator = "";

    for (size_t i = 0; i < config_option_count; i++) {
        if (!command_takes(command, &config_options[i]))
            continue;
        fprintf(to, "%s--%s", separator, config_options[i].name);
        separator = " ";
    }
}

/* Returns the command that runs when none is named. It accepts every option. */
static const struct command *default_command(void)
{
    return &config_commands[0];
}

static void print_bash_value(FILE *to, const struct option *option)
{
    if (option->type == OPTION_FLAG)
        return;
    fprintf(to, "    *:--%s) ", option->name);
    if (option_takes_file(option)) {
        fprintf(to, "compopt -o filenames 2>/dev/null; "
                    "mapfile -t COMPREPLY < <(compgen -f -- \"$current\"); return ;;\n");
    } else if (option->choices != NULL) {
        fprintf(to, "words='");
        print_words(to, option->choices);
        fprintf(to, "' ;;\n");
    } else {
        fprintf(to, "return ;;\n");
    }
}

/* Prints a case for POSITION:COMMAND. */
static void print_bash_command(FILE *to, const struct command *command)
{
    if (has_operand(command)) {
        fprintf(to, "        2:%s) words='", command->name);
        print_operand_words(to, command);
        fprintf(to, "' ;;\n");
    }
    fprintf(to, "        *:%s) words='", command->name);
    print_options(to, command);
    fprintf(to, "' ;;\n");
}

static void print_bash(FILE *to)
{
    fprintf(to, "_ivs_local()\n"
                "{\n"
                "    local current=${COMP_WORDS[COMP_CWORD]} words=\n"
                "    local previous=${COMP_WORDS[COMP_CWORD - 1]}\n"
                "\n"
                "    COMPREPLY=()\n"
                "    # --option=value arrives as three words.\n"
                "    if [[ $current == = ]]; then\n"
                "        current=\n"
                "    elif [[ $previous == = ]]; then\n"
                "        previous=${COMP_WORDS[COMP_CWORD - 2]}\n"
                "    fi\n"
                "    case $COMP_CWORD:$previous in\n");
    for (size_t i = 0; i < config_option_count; i++)
        print_bash_value(to, &config_options[i]);
    fprintf(to, "    *)\n"
                "        case $COMP_CWORD:${COMP_WORDS[1]} in\n"
                "        1:*) words='");
    for (size_t i = 0; i < config_command_count; i++)
        fprintf(to, "%s ", config_commands[i].name);
    print_options(to, default_command());
    fprintf(to, "' ;;\n");
    for (size_t i = 0; i < config_command_count; i++) {
        if (config_commands[i].options != NULL)
            print_bash_command(to, &config_commands[i]);
    }
    fprintf(to, "        *) words='");
    print_options(to, default_command());
    fprintf(to, "' ;;\n"
                "        esac ;;\n"
                "    esac\n"
                "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n"
                "}\n"
                "complete -F _ivs_local ivs-local\n");
}

/* Prints text inside single quotes of zsh, where the characters in `special` must be
 * escaped. */
static void print_zsh_text(FILE *to, const char *text, const char *special)
{
    for (; *text != '\0'; text++) {
        if (*text == '\'')
            fputs("'\\'", to);
        else if (strchr(special, *text) != NULL)
            fputc('\\', to);
        fputc(*text, to);
    }
}

/* Prints a specification for _arguments, such as '--port=[port to listen on]:N:'. */
static void print_zsh_option(FILE *to, const struct option *option)
{
    bool is_flag = option->type == OPTION_FLAG;

    fprintf(to, " \\\n            '%s--%s%s[", option->type == OPTION_LIST ? "*" : "",
            option->name, is_flag ? "" : "=");
    print_zsh_text(to, option->help, "[]:\\");
    fprintf(to, is_flag ? "]'" : "]:");
    if (is_flag)
        return;
    print_zsh_text(to, option->argument, ":\\");
    fprintf(to, ":");
    if (option_takes_file(option)) {
        fprintf(to, "_files");
    } else if (option->choices != NULL) {
        fprintf(to, "(");
        print_words(to, option->choices);
        fprintf(to, ")");
    }
    fprintf(to, "'");
}

static void print_zsh_options(FILE *to, const struct command *command)
{
    for (size_t i = 0; i < config_option_count; i++) {
        if (command_takes(command, &config_options[i]))
            print_zsh_option(to, &config_options[i]);
    }
    fprintf(to, " ;;\n");
}

static void print_zsh(FILE *to)
{
    fprintf(to, "#compdef ivs-local\n"
                "_ivs-local()\n"
                "{\n"
                "    case $(( CURRENT > 2 )):$words[2] in\n");
    for (size_t i = 0; i < config_command_count; i++) {
        const struct command *command = &config_commands[i];
        if (command->options == NULL)
            continue;
        fprintf(to, "        1:%s) _arguments '1:command:'", command->name);
        if (has_operand(command)) {
            fprintf(to, " '2:%s:(", command->name);
            print_operand_words(to, command);
            fprintf(to, ")'");
        }
        print_zsh_options(to, command);
    }
    fprintf(to, "        *) _arguments '1:command:((");
    for (size_t i = 0; i < config_command_count; i++) {
        if (config_commands[i].help == NULL || config_commands[i].name[0] == '-')
            continue;
        fprintf(to, "%s\\:\"%s\" ", config_commands[i].name, config_commands[i].help);
    }
    fprintf(to, "))'");
    for (size_t i = 0; i < config_command_count; i++) {
        if (config_commands[i].help == NULL || config_commands[i].name[0] != '-')
            continue;
        fprintf(to, " \\\n            '(- *)%s[%s]'", config_commands[i].name,
                config_commands[i].help);
    }
    print_zsh_options(to, default_command());
    fprintf(to, "    esac\n"
                "}\n"
                "if [[ $funcstack[1] == _ivs-local ]]; then\n"
                "    _ivs-local \"$@\"\n"
                "else\n"
                "    compdef _ivs-local ivs-local\n"
                "fi\n");
}

/* Prints text in quotes, escaped for fish. */
static void print_fish_text(FILE *to, const char *text)
{
    fputc('\'', to);
    for (; *text != '\0'; text++) {
        if (*text == '\'' || *text == '\\')
            fputc('\\', to);
        fputc(*text, to);
    }
    fputc('\'', to);
}

/* The option is offered except after commands that do not accept it. */
static void print_fish_option(FILE *to, const struct option *option)
{
    fprintf(to, "complete -c ivs-local -n 'not __fish_seen_subcommand_from");
    for (size_t i = 0; i < config_command_count; i++) {
        if (!command_takes(&config_commands[i], option))
            fprintf(to, " %s", config_commands[i].name);
    }
    bool is_flag = option->type == OPTION_FLAG;
    fprintf(to, "' -l %s%s%s", option->name, is_flag ? "" : " -r",
            option_takes_file(option) ? " -F" : " -f");
    if (option->choices != NULL && !is_flag) {
        fprintf(to, " -a '");
        print_words(to, option->choices);
        fprintf(to, "'");
    }
    fprintf(to, " -d ");
    print_fish_text(to, option->help);
    fprintf(to, "\n");
}

static void print_fish_command(FILE *to, const struct command *command)
{
    fprintf(to, "complete -c ivs-local -n __fish_is_first_token -a %s -d ",
            command->name);
    print_fish_text(to, command->help);
    fprintf(to, "\n");
    if (!has_operand(command))
        return;
    fprintf(to, "complete -c ivs-local -n '__fish_seen_subcommand_from %s' -a '",
            command->name);
    print_operand_words(to, command);
    fprintf(to, "'\n");
}

static void print_fish(FILE *to)
{
    fprintf(to, "complete -c ivs-local -f\n");
    for (size_t i = 0; i < config_command_count; i++) {
        if (config_commands[i].help != NULL)
            print_fish_command(to, &config_commands[i]);
    }
    for (size_t i = 0; i < config_option_count; i++)
        print_fish_option(to, &config_options[i]);
}

void completion_print(FILE *to, enum config_shell shell)
{
    switch (shell) {
    case SHELL_BASH:
        print_bash(to);
        break;
    case SHELL_ZSH:
        print_zsh(to);
        break;
    case SHELL_FISH:
        print_fish(to);
        break;
    }
}
