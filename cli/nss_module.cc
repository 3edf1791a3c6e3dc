// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// dlopen() and dlsym() of what the C library calls.

#include "cli/nss_module.h"

#include <dlfcn.h>
#include <netdb.h>
#include <nss.h>
#include <sys/socket.h>

namespace commresolve::cli {
namespace {

constexpr char kModule[] = "libnss_commresolve.so.2";
constexpr char kByName[] = "_nss_commresolve_gethostbyname2_r";
constexpr const char* kEntryPoints[] = {"_nss_commresolve_gethostbyname4_r",
                                        "_nss_commresolve_gethostbyname3_r",
                                        kByName,
                                        "_nss_commresolve_gethostbyname_r",
                                        "_nss_commresolve_gethostbyaddr2_r",
                                        "_nss_commresolve_gethostbyaddr_r"};

using ByName = nss_status(const char* name, int family, hostent* result, char* buffer, size_t size,
                          int* error, int* host_error);

/// "localhost" is the one name that is nobody's but the machine's, so no socket is asked for it.
bool LeavesForeignNamesAlone(void* symbol) {
  hostent result{};
  char buffer[1024];
  int error = 0;
  int host_error = 0;
  return reinterpret_cast<ByName*>(symbol)("localhost", AF_INET, &result, buffer, sizeof buffer,
                                           &error, &host_error) == NSS_STATUS_UNAVAIL;
}

}  // namespace

Result<std::string> LoadNssModule() {
  // Kept open: the module asks for that itself, and programs do the same.
  void* module = ::dlopen(kModule, RTLD_NOW | RTLD_LOCAL);
  if (module == nullptr) {
    const char* reason = ::dlerror();
    return Error{Code::kNotFound,
                 "the C library cannot load the NSS module: " +
                     std::string(reason == nullptr ? kModule : reason),
                 "install the package libnss-commresolve; after cmake --install run ldconfig"};
  }
  for (const char* name : kEntryPoints) {
    if (::dlsym(module, name) != nullptr) continue;
    return Error{Code::kInvalidArgument, std::string(kModule) + " lacks " + name,
                 "another version is in the way: install that of this program"};
  }
  void* by_name = ::dlsym(module, kByName);
  Dl_info info{};
  const bool known = ::dladdr(by_name, &info) != 0 && info.dli_fname != nullptr;
  const std::string path = known ? info.dli_fname : kModule;
  if (!LeavesForeignNamesAlone(by_name)) {
    return Error{Code::kInvalidArgument, path + " claims the name 'localhost'",
                 "this is not the module of this program: install that"};
  }
  return path;
}

}  // namespace commresolve::cli
