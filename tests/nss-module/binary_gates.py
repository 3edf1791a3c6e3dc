# SPDX-FileCopyrightText: The commresolve authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What the NSS module's file must be, because every program of a machine loads it:
# binary_gates.py MODULE SOURCES [--optimised].

import pathlib
import re
import subprocess
import sys

EXPORTED = {f"_nss_commresolve_{name}_r" for name in
            ("gethostbyname4", "gethostbyname3", "gethostbyname2", "gethostbyname",
             "gethostbyaddr2", "gethostbyaddr")}
FORBIDDEN = re.compile(r"(malloc|calloc|realloc|free|[fsv]*n?printf(_chk)?|puts|fopen.*|fwrite|syslog|"
                       r"abort|__assert.*|exit|_exit|pthread_(mutex|once|key|create|atfork).*|"
                       r"__cxa_.*|_Z.*|__gxx.*|_Unwind.*|__tls_get_addr|dl(open|sym)|getenv|fork|"
                       r"system|popen|signal|sigaction|mmap(64)?)$")
NEWEST_GLIBC = (2, 17)
MOST_TEXT = 16 * 1024
MOST_LINES = 500
WRITABLE = {".data", ".bss", ".tdata", ".tbss", ".init_array", ".fini_array", ".ctors", ".dtors",
            ".data.rel.ro"}


def readelf(option, module):
    return subprocess.run(["readelf", "-W", option, module], check=True, capture_output=True,
                          text=True).stdout


def dynamic_problems(text):
    needed = re.findall(r"\(NEEDED\).*\[(.*)\]", text)
    if needed != ["libc.so.6"]:
        yield f"needs {needed}"
    if re.findall(r"\(SONAME\).*\[(.*)\]", text) != ["libnss_commresolve.so.2"]:
        yield "another SONAME"
    for flag in ("BIND_NOW", "NODELETE"):
        if not re.search(rf"\bFlags:.*\b{flag}\b|\(FLAGS\).*\b{flag}\b", text):
            yield f"not marked {flag}"
    for tag in ("TEXTREL", "RPATH", "RUNPATH", "INIT", "FINI"):
        if f"({tag})" in text:
            yield f"has {tag}"


def symbol_problems(text):
    defined, undefined = set(), {}
    for line in text.splitlines():
        fields = line.split()
        if len(fields) < 8 or not fields[0].rstrip(":").isdigit():
            continue
        name, _, version = fields[7].partition("@")
        if fields[6] == "UND":
            undefined[name] = version.lstrip("@")
        elif fields[4] != "LOCAL":
            defined.add(name)
    if defined != EXPORTED:
        yield f"exports {sorted(defined ^ EXPORTED)} too many or too few"
    if "open64" not in undefined:
        yield "no undefined symbols found: this check is blind"
    for name, version in undefined.items():
        if FORBIDDEN.match(name):
            yield f"uses {name}"
        found = re.match(r"GLIBC_(\d+)\.(\d+)", version)
        if found and tuple(map(int, found.groups())) > NEWEST_GLIBC:
            yield f"{name} needs {version}"


def section_problems(text, optimised):
    sizes = {name: int(size, 16) for name, size in
             re.findall(r"\] (\.\S+)\s+\S+\s+[0-9a-f]+ [0-9a-f]+ ([0-9a-f]+)", text)}
    if ".text" not in sizes:
        yield "no .text found: this check is blind"
    print(f"text {sizes.get('.text', 0)} bytes")
    if optimised and sizes.get(".text", 0) > MOST_TEXT:
        yield f"text is {sizes['.text']} bytes, more than {MOST_TEXT}"
    for name in WRITABLE & sizes.keys():
        if sizes[name] > 0:
            yield f"{name} has {sizes[name]} bytes"


def segment_problems(text):
    if "GNU_RELRO" not in text:
        yield "no RELRO"
    stack = re.search(r"GNU_STACK.*", text)
    if not stack or "RWE" in stack.group():
        yield "executable stack"
    if re.search(r"LOAD.*RWE", text):
        yield "a segment both writable and executable"


def source_problems(folder):
    files = [p for p in folder.iterdir() if p.suffix in (".cc", ".h", ".map") and p.name != "wire.h"]
    total = sum(len(p.read_text().splitlines()) for p in files)
    print(f"{total} lines besides wire.h")
    if total > MOST_LINES:
        yield f"{total} lines, more than {MOST_LINES}"


def main():
    module, sources = sys.argv[1:3]
    problems = [*dynamic_problems(readelf("-d", module)),
                *symbol_problems(readelf("--dyn-syms", module)),
                *section_problems(readelf("-S", module), "--optimised" in sys.argv),
                *segment_problems(readelf("-l", module)),
                *source_problems(pathlib.Path(sources))]
    for problem in problems:
        print(f"{module}: {problem}")
    sys.exit(1 if problems else 0)


main()
