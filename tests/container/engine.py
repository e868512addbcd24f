"""What a container engine does with a Dockerfile and the root file system it leads to, as far as that
can be done without one: the file is checked, and a process is put into the root file system as the
file and Kubernetes' PodSecurity level `restricted` say.

  engine.py check DOCKERFILE CONTEXT
  engine.py run [--env NAME=VALUE]... [--mount FILE:PATH]... DOCKERFILE ROOT [ARGUMENT]...
  engine.py pod [--env NAME=VALUE]... [--mount FILE:PATH]... DOCKERFILE ROOT MANIFEST

`run` becomes the container's first process, `pod` that of the container `sweep` of a manifest that
`netscan manifest` wrote. Both have to be root, and in namespaces that are the container's:
unshare --mount --pid --uts --ipc --fork --kill-child.
"""
import argparse
import ctypes
import fnmatch
import json
import os
import re
import subprocess
import sys

KNOWN = {"ARG", "COPY", "ENTRYPOINT", "ENV", "FROM", "LABEL", "RUN", "USER", "WORKDIR"}


class Instruction:
    def __init__(self, line, text):
        self.line = line
        self.name, _, self.text = text.partition(" ")
        self.text = self.text.strip()

    def words(self):
        return self.text.split()


def read(path):
    """The instructions: comments left out, continued lines put together."""
    instructions, text, begin = [], "", 0
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            line = line.rstrip("\n")
            if line.lstrip().startswith("#") or (not line.strip() and not text):
                continue
            begin = begin if text else number
            text += line.removesuffix("\\")
            if not line.endswith("\\"):
                instructions.append(Instruction(begin, text.strip()))
                text = ""
    if text:
        raise SystemExit(f"{path}:{begin}: the last line ends in a backslash")
    return instructions


def last_stage(instructions):
    begin = max(i for i, instruction in enumerate(instructions) if instruction.name == "FROM")
    return instructions[begin:]


def list_of(instruction):
    """A command in its form of a JSON array, for which no shell is needed."""
    try:
        words = json.loads(instruction.text)
    except ValueError:
        return None
    return words if isinstance(words, list) and all(isinstance(word, str) for word in words) else None


def ignored(context, source):
    path = os.path.normpath(source)
    with open(os.path.join(context, ".dockerignore"), encoding="utf-8") as file:
        patterns = [line.strip().strip("/") for line in file if line.strip() and not line.startswith("#")]
    return any(fnmatch.fnmatch(path, p) or fnmatch.fnmatch(path, p + "/*") for p in patterns)


def copy_problems(instruction, context, stages):
    options = [word for word in instruction.words() if word.startswith("--")]
    paths = [word for word in instruction.words() if not word.startswith("--")]
    if len(paths) < 2:
        yield "COPY needs a source and a destination"
    stage = next((o.removeprefix("--from=") for o in options if o.startswith("--from=")), None)
    if stage is None:
        for source in paths[:-1]:
            if not os.path.exists(os.path.join(context, source)) or source.startswith(("/", "..")):
                yield f"there is no '{source}' in the context"
            elif ignored(context, source):
                yield f".dockerignore leaves '{source}' out"
    elif stage not in stages:
        yield f"there is no stage '{stage}' before this"
    else:
        for source in paths[:-1]:
            made = os.path.normpath(source)
            if not any(i.name == "RUN" and made in i.text.split() for i in stages[stage]):
                yield f"nothing in the stage '{stage}' makes '{source}'"


def run_problems(instruction, context):
    shell = subprocess.run(["sh", "-n", "-c", instruction.text], capture_output=True, text=True, check=False)
    if shell.returncode != 0:
        yield shell.stderr.strip()
    for part in re.split(r"&&|;|\|", instruction.text):
        command = part.split()[0] if part.split() else ""
        if "/" in command and not os.access(os.path.join(context, command), os.X_OK):
            yield f"there is no program '{command}' in the context"


def final_problems(stage):
    settings = {instruction.name: instruction for instruction in stage}
    user = settings["USER"].text if "USER" in settings else ""
    if not re.fullmatch(r"[1-9][0-9]*(:[1-9][0-9]*)?", user):
        yield f"the user of the image is '{user}', and not a number other than 0"
    if "ENTRYPOINT" not in settings or not list_of(settings["ENTRYPOINT"]):
        yield "there is no ENTRYPOINT that is a JSON array"
    if "ENV" not in settings or not re.fullmatch(r"PATH=/[^ ]+", settings["ENV"].text):
        yield "the image has no PATH"


def problems(instructions, context):
    """Each as LINE: WHAT."""
    stages, stage = {}, None
    for instruction in instructions:
        found = []
        if instruction.name not in KNOWN:
            found.append(f"unknown instruction '{instruction.name}'")
        elif instruction.name == "FROM":
            words = instruction.words()
            base, name = words[0], words[2] if len(words) == 3 and words[1].upper() == "AS" else None
            if len(words) not in (1, 3) or (len(words) == 3 and name is None):
                found.append("expected FROM IMAGE [AS NAME]")
            if base != "scratch" and base not in stages and not re.fullmatch(r"[a-z0-9./-]+:[\w.-]+", base):
                found.append(f"the base image '{base}' is neither a stage nor has a tag")
            stage = stages.setdefault(name or f"{len(stages)}", [])
        elif stage is None and instruction.name != "ARG":
            found.append("expected FROM first")
        elif instruction.name == "COPY":
            found.extend(copy_problems(instruction, context, {k: v for k, v in stages.items() if v is not stage}))
        elif instruction.name == "RUN":
            found.extend(run_problems(instruction, context))
        if stage is not None:
            stage.append(instruction)
        yield from (f"{instruction.line}: {what}" for what in found)
    yield from (f"{instructions[-1].line}: {what}" for what in final_problems(last_stage(instructions)))


# --- running

libc = ctypes.CDLL(None, use_errno=True)
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = 1, 2, 4, 8, 32, 4096, 16384, 1 << 18
MNT_DETACH = 2
PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL = 24, 38, 47, 4


def call(name, *arguments):
    encoded = [a.encode() if isinstance(a, str) else a for a in arguments]
    if getattr(libc, name)(*encoded) != 0:
        error = ctypes.get_errno()
        raise OSError(error, f"{name}{arguments}: {os.strerror(error)}")


def bind(source, target, flags):
    call("mount", source, target, None, MS_BIND, None)
    call("mount", None, target, None, MS_BIND | MS_REMOUNT | flags, None)


def enter(root, mounts):
    """Makes `root` the root, read-only, with /proc, /dev, and the files of `mounts` (from, to) in it."""
    root = os.path.realpath(root)
    call("mount", None, "/", None, MS_REC | MS_PRIVATE, None)
    call("mount", root, root, None, MS_BIND, None)
    call("mount", "proc", root + "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, None)
    call("mount", "tmpfs", root + "/dev", "tmpfs", MS_NOSUID | MS_NOEXEC, None)
    for device in ("null", "zero", "random", "urandom"):
        open(f"{root}/dev/{device}", "wb").close()
        call("mount", f"/dev/{device}", f"{root}/dev/{device}", None, MS_BIND, None)
    call("mount", None, root + "/dev", None, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NOEXEC, None)
    for source, target in mounts:
        bind(os.path.realpath(source), root + target, MS_RDONLY | MS_NOSUID | MS_NODEV)
    call("mount", None, root, None, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV, None)
    # The old root is put on top of the new one, and taken away.
    os.chdir(root)
    call("pivot_root", ".", ".")
    call("umount2", ".", MNT_DETACH)
    os.chdir("/")


def give_up_privileges(uid, gid):
    with open("/proc/sys/kernel/cap_last_cap", encoding="utf-8") as file:
        last = int(file.read())
    for capability in range(last + 1):
        call("prctl", PR_CAPBSET_DROP, capability, 0, 0, 0)
    call("prctl", PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)  # and no longer root's: the kernel takes the capabilities with it
    call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def run(arguments, command=None, user=None, environment=()):
    settings = {instruction.name: instruction for instruction in last_stage(read(arguments.dockerfile))}
    variables = dict([settings["ENV"].text.split("=", 1)], HOSTNAME="container")
    variables.update(environment)
    variables.update(pair.split("=", 1) for pair in arguments.env)
    command = command or list_of(settings["ENTRYPOINT"]) + arguments.argument
    uid, gid = (int(number) for number in (user or settings["USER"].text).split(":"))
    enter(arguments.root, [pair.split(":", 1) for pair in arguments.mount])
    give_up_privileges(uid, gid)
    os.umask(0o022)
    os.environ["PATH"] = variables["PATH"]  # where execvpe() looks
    os.execvpe(command[0], command, variables)


def scalar(text):
    return json.loads(text) if text.startswith('"') else text


def pod(arguments):
    """Of YAML as netscan writes it: a scalar a line, plain or in double quotes."""
    with open(arguments.manifest, encoding="utf-8") as file:
        text = file.read()
    lists = {}
    for name in ("command", "args"):
        block = re.search(rf"^( *)(?:- )?{name}:\n((?:\1- .*\n)+)", text, re.MULTILINE)
        lists[name] = [scalar(line.strip()[2:]) for line in block[2].splitlines()]
    environment = {name: scalar(value) for name, value in re.findall(r"- name: (\w+)\n +value: (.*)\n", text)}
    user = [re.search(rf"{name}: (\d+)", text)[1] for name in ("runAsUser", "runAsGroup")]
    run(arguments, lists["command"] + lists["args"], ":".join(user), environment)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="what", required=True)
    check = commands.add_parser("check")
    check.add_argument("dockerfile")
    check.add_argument("context")
    for name in ("run", "pod"):
        start = commands.add_parser(name)
        for option in ("--env", "--mount"):
            start.add_argument(option, action="append", default=[])
        start.add_argument("dockerfile")
        start.add_argument("root")
        if name == "run":
            start.add_argument("argument", nargs=argparse.REMAINDER)
        else:
            start.add_argument("manifest")
    arguments = parser.parse_args()
    if arguments.what == "run":
        run(arguments)
    if arguments.what == "pod":
        pod(arguments)
    found = list(problems(read(arguments.dockerfile), arguments.context))
    for problem in found:
        print(f"{arguments.dockerfile}:{problem}")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
