"""What `netscan --help` says, read as a user reads it: the truth for completion and manual pages."""

import re
import subprocess
from dataclasses import dataclass, field


@dataclass
class Option:
    names: list
    value: str = ""  # TEXT, FILE ...; of a flag ""
    choices: list = field(default_factory=list)


@dataclass
class Command:
    name: str
    options: list
    arguments: list
    examples: list
    exit_codes: list  # those named: "0", "130"


def run(*arguments):
    return subprocess.run(arguments, check=True, capture_output=True, text=True).stdout


def section(text, title):
    """The lines of two blanks and a word that stand under `title`."""
    match = re.search(rf"^{title}:\n((?:  .*\n)*)", text, re.M)
    return re.findall(r"^  (\S.*)$", match.group(1), re.M) if match else []


def entry(line):
    pattern = r"(\S+)(?: ([A-Z][A-Z/]*)(?![a-z])(?::\{([^}]*)\})?)?"
    names, value, choices = re.match(pattern, line).groups()
    names = re.sub(r"\{[^}]*\}", "", names).split(",")
    return Option(names, value or "", choices.split(",") if choices else [])


def read_command(netscan, name):
    text = run(netscan, *([name] if name else []), "--help")
    codes = re.search(r"^Exit codes: (.*)", text, re.M | re.S).group(1)
    return Command(
        name=name,
        options=[entry(line) for line in section(text, "Options")],
        arguments=[entry(line) for line in section(text, "Positionals")],
        examples=re.findall(r"^  (.*)$", text.partition("\nExamples:\n")[2].partition("\n\n")[0], re.M),
        exit_codes=re.findall(r"(?:^|; |;\n)(\d+) ", codes))


def read_commands(netscan):
    """The program, called "", and its commands."""
    text = run(netscan, "--help")
    names = [line.split()[0] for line in section(text, "Subcommands")]
    assert len(names) > 9, "the help lists few commands"
    return [read_command(netscan, name) for name in ["", *names]]
