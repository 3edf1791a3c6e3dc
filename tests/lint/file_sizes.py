# SPDX-FileCopyrightText: The commresolve authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Small rooms: no file past the limit, a small median; prints the figures.

import statistics

import tree

MOST_LINES = 900
MOST_MEDIAN = 200


def is_prose(line):
    return line.lstrip().startswith("//")


def main():
    sizes = {path: len(tree.lines(path)) for path in tree.files(suffixes=(".h", ".cc", ".py", ".sh"))}
    product = {p: n for p, n in sizes.items() if p.parts[0] in tree.PRODUCT}
    problems = [f"{p}: {n} lines, more than {MOST_LINES}" for p, n in sizes.items() if n > MOST_LINES]
    if product:
        ordered = sorted(product.values())
        median = statistics.median(ordered)
        longest = max(product, key=product.get)
        tests = sum(n for p, n in sizes.items() if p.parts[0] == "tests" and p.suffix in tree.CODE)
        headers = [line for p in product if p.suffix == ".h" for line in tree.lines(p)]
        prose = sum(map(is_prose, headers)) / max(1, len(headers))
        print(f"product: {len(ordered)} files, {sum(ordered)} lines; median {median:g}, "
              f"p90 {ordered[len(ordered) * 9 // 10]}, longest {product[longest]} ({longest})")
        print(f"tests: {tests / sum(ordered):.2f} lines a product line; headers: {prose:.0%} prose")
        if median > MOST_MEDIAN:
            problems.append(f"median file has {median:g} lines, more than {MOST_MEDIAN}")
    tree.finish(problems)


main()
