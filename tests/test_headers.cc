// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later

// What carries the precompiled header of the tests; CMake wants a source for it.
