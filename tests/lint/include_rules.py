# SPDX-FileCopyrightText: The commresolve authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Includes flow resolver <- {index, dht} <- grpc <- cli; a heavy header has one home.

import collections
import re

import tree

MAY_INCLUDE = {
    "resolver": {"resolver"},
    "index": {"resolver", "index"},
    "dht": {"resolver", "dht"},
    "grpc": {"resolver", "index", "dht", "grpc"},
    "cli": {"resolver", "index", "dht", "grpc", "cli"},
    "nss-module": {"nss-module"},
}
SHARED_HEADER = "nss-module/wire.h"

# Header pattern, the folders whose files may include it (none for any), and how many files may.
HOMES = [
    (r"xapian(\.h|/)", ("index/search/",), 20),
    (r"lmdb\.h", ("index/ledger/", "dht/publish/"), 20),
    (r"opendht(\.h|/)", ("dht/",), 1),
    (r"(grpc|grpcpp|grpc\+\+)/|google/protobuf/", ("grpc/",), 20),
    (r"CLI/", ("cli/",), 2),
    (r"nlohmann/", (), 3),
]

INCLUDE = re.compile(r'\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')


def quoted_problem(path, header):
    home, target = path.parts[0], header.split("/")[0]
    if target not in MAY_INCLUDE:
        return None if header.endswith(".pb.h") else f'"{header}" is not relative to the root'
    if home == target or header == SHARED_HEADER and home in ("grpc", "cli"):
        return None
    if target in MAY_INCLUDE[home]:
        return None
    return f'{home}/ must not include "{header}"'


def main():
    problems = []
    homes = collections.defaultdict(set)
    for path in tree.files(*tree.PRODUCT, suffixes=tree.CODE):
        for number, line in enumerate(tree.lines(path), 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            quoted, system = match.groups()
            problem = quoted_problem(path, quoted) if quoted else None
            for pattern, folders, _ in HOMES:
                if system and re.match(pattern, system):
                    homes[pattern].add(str(path))
                    if folders and not str(path).startswith(folders):
                        problem = f"<{system}> belongs in {' or '.join(folders)}"
            if problem:
                problems.append(f"{path}:{number}: {problem}")
    for pattern, _, most in HOMES:
        if len(homes[pattern]) > most:
            found = " ".join(sorted(homes[pattern]))
            problems.append(f"{pattern}: at most {most} files may include it, not {found}")
    tree.finish(problems)


main()
