# SPDX-FileCopyrightText: The commresolve authors
# SPDX-License-Identifier: GPL-3.0-or-later

# It needs the optimiser.
set(unoptimised $<CONFIG:Debug> $<BOOL:${COMMRESOLVE_FUZZ}>
                $<BOOL:$<TARGET_PROPERTY:COMMRESOLVE_UNOPTIMISED>>)
list(JOIN unoptimised "," unoptimised)
set(fortified $<NOT:$<OR:${unoptimised}>>)

add_library(commresolve_warnings INTERFACE)
target_compile_options(commresolve_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual
  -fstack-protector-strong
  # g++ 12 takes moves of std::variant members for reads of uninitialised memory.
  $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>
  $<$<BOOL:${COMMRESOLVE_WERROR}>:-Werror>
  $<${fortified}:-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2>)
target_compile_definitions(commresolve_warnings INTERFACE _GLIBCXX_ASSERTIONS)
target_link_options(commresolve_warnings INTERFACE -Wl,-z,relro,-z,now)
