# SPDX-FileCopyrightText: The commresolve authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Reads the tables of docs/json.md and holds output against them.

import json
import re

from world import Failure


class Reference:
    """Kinds and groups of members, each as {member: groups of an object in it}."""

    def __init__(self, text):
        self.sections = {}
        title, lines = "", []
        for line in text.splitlines() + ["### "]:
            if line.startswith("### "):
                self.sections[title] = lines
                title, lines = line[4:].strip(), []
            else:
                lines.append(line)

    def _members(self, title):
        """{member: the cell that tells what it means}, groups in bold included."""
        if title not in self.sections:
            raise Failure(f"docs/json.md does not describe {title}")
        members = {}
        for line in self.sections[title]:
            row = re.match(r"\| `(\w+)` \| [^|]* \|(.*)\|$", line)
            if row:
                members[row[1]] = row[2]
            elif not line.startswith("|"):
                members.update(self._groups(line))
        return members

    def _groups(self, text):
        members = {}
        for group in re.findall(r"\*\*([\w ]+)\*\*", text):
            if group != "member":
                members.update(self._members(group.capitalize()))
        return members

    def _check(self, value, members, where):
        for name, inner in value.items():
            if name not in members:
                raise Failure(f"docs/json.md does not describe '{name}' of {where}")
            inner_members = {**self._groups(members[name]),
                             **dict.fromkeys(re.findall(r"`(\w+)`", members[name]), "")}
            for item in inner if isinstance(inner, list) else [inner]:
                if isinstance(item, dict):
                    self._check(item, inner_members, f"{where}.{name}")

    def check(self, output):
        for line in output.splitlines():
            if not line.startswith('{"schema"'):
                continue
            value = json.loads(line)
            if value.pop("schema") != "commresolve.v1":
                raise Failure(f"another schema: {line}")
            kind = f"`{value.pop('kind')}`"
            self._check(value, self._members(kind), kind)
