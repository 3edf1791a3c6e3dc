# SPDX-FileCopyrightText: The commresolve authors
# SPDX-License-Identifier: GPL-3.0-or-later

add_library(commresolve_warnings INTERFACE)
target_compile_options(commresolve_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual
  -fstack-protector-strong
  # g++ 12 takes moves of std::variant members for reads of uninitialised memory.
  $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>
  $<$<BOOL:${COMMRESOLVE_WERROR}>:-Werror>
  $<$<NOT:$<OR:$<CONFIG:Debug>,$<BOOL:${COMMRESOLVE_FUZZ}>>>:-U_FORTIFY_SOURCE
                                                            -D_FORTIFY_SOURCE=2>)
target_compile_definitions(commresolve_warnings INTERFACE _GLIBCXX_ASSERTIONS)
target_link_options(commresolve_warnings INTERFACE -Wl,-z,relro,-z,now)
