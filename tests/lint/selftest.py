# SPDX-FileCopyrightText: The commresolve authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Each check must pass a clean tree and fail once a violation is planted in it.

import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
HEAD = """// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// An example.
"""

# Check, file, what to write into it.
PLANTED = [
    ("include_rules", "resolver/a.cc", HEAD + '#include "index/ledger/ledger.h"\n'),
    ("include_rules", "resolver/a.cc", HEAD + "#include <xapian.h>\n"),
    ("include_rules", "index/search/a.cc", HEAD + "#include <lmdb.h>\n"),
    ("include_rules", "dht/record/a.cc", HEAD + "#include <lmdb.h>\n"),
    ("include_rules", "index/a.cc", HEAD + '#include "dht/record.h"\n'),
    ("include_rules", "index/a.cc", HEAD + "#include <opendht.h>\n"),
    ("include_rules", "index/a.cc", HEAD + '#include "nss-module/wire.h"\n'),
    ("include_rules", "grpc/a.cc", HEAD + '#include "nss-module/entry.h"\n'),
    ("include_rules", "cli/a.cc", HEAD + '#include "output.h"\n'),
    ("file_sizes", "index/a.cc", HEAD + "\n" * 900),
    ("file_sizes", "index/a.cc", HEAD + "\n" * 500),
    ("spdx", "cli/a.cc", "int a;\n"),
    ("spdx", "cli/a.cc", HEAD.replace("// An example.\n", "int a;\n")),
    ("spdx", "nss-module/a.cc", HEAD),
    ("self_contained_text", "docs/a.md", "TO" + "DO: write this\n"),
    ("self_contained_text", "docs/a.md", "see /ho" + "me/somebody/notes\n"),
]


def passes(check, tree):
    command = [sys.executable, str(HERE / f"{check}.py"), str(tree)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode > 1 or done.stderr:
        sys.exit(f"{check} broke: {done.stderr}")
    return done.returncode == 0


def main():
    missed = 0
    for check, name, text in PLANTED:
        with tempfile.TemporaryDirectory() as folder:
            clean = pathlib.Path(folder, "resolver", "clean.h")
            clean.parent.mkdir()
            clean.write_text(HEAD + '#include "resolver/clean.h"\n')
            if not passes(check, folder):
                sys.exit(f"{check} fails a clean tree")
            planted = pathlib.Path(folder, name)
            planted.parent.mkdir(exist_ok=True, parents=True)
            planted.write_text(text)
            if passes(check, folder):
                missed += 1
                print(f"{check} passes {name} with: {text.splitlines()[-1]}")
    print(f"{len(PLANTED) - missed} of {len(PLANTED)} planted violations found")
    sys.exit(1 if missed else 0)


main()
