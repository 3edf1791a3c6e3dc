# SPDX-FileCopyrightText: The commresolve authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Every library comes from a Debian package listed in debian/control.

find_package(PkgConfig REQUIRED)

# Finds a pkg-config module as target PkgConfig::<prefix>, or says which package to install.
function(commresolve_pkg prefix module package)
  pkg_check_modules(${prefix} QUIET IMPORTED_TARGET GLOBAL ${module})
  if(NOT ${prefix}_FOUND)
    message(FATAL_ERROR "${module} not found. Install it: sudo apt-get install ${package} "
                        "(all at once: sudo apt-get build-dep ./)")
  endif()
endfunction()

# Finds a CMake package, or says which Debian package to install.
macro(commresolve_find name package)
  find_package(${name} QUIET ${ARGN})
  if(NOT ${name}_FOUND)
    message(FATAL_ERROR "${name} not found. Install it: sudo apt-get install ${package} "
                        "(all at once: sudo apt-get build-dep ./)")
  endif()
endmacro()

commresolve_find(OpenSSL libssl-dev)
commresolve_find(ICU libicu-dev COMPONENTS uc i18n)
commresolve_find(fmt libfmt-dev)
commresolve_find(CLI11 libcli11-dev)
commresolve_find(nlohmann_json nlohmann-json3-dev)
commresolve_pkg(LMDB lmdb liblmdb-dev)
commresolve_pkg(XAPIAN xapian-core libxapian-dev)
commresolve_pkg(CARES libcares libc-ares-dev)
commresolve_pkg(IDN2 libidn2 libidn2-dev)
commresolve_pkg(PSL libpsl libpsl-dev)
commresolve_pkg(OPENDHT opendht libopendht-dev)
commresolve_pkg(HTTPLIB cpp-httplib libcpp-httplib-dev)
commresolve_pkg(TOMLPP tomlplusplus libtomlplusplus-dev)
find_package(Threads REQUIRED)
