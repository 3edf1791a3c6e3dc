// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Loads the module and wraps its functions.

#include "tests/nss-module/calls.h"

#include <dlfcn.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <memory>

namespace commresolve::test {

const Row kTooSmall = {NSS_STATUS_TRYAGAIN, ERANGE, NETDB_INTERNAL};
const Row kNoAddress = {NSS_STATUS_NOTFOUND, ENOENT, NO_DATA};
const Row kNoSuchName = {NSS_STATUS_NOTFOUND, ENOENT, HOST_NOT_FOUND};
const Row kUnsure = {NSS_STATUS_TRYAGAIN, EAGAIN, TRY_AGAIN};
const Row kForeign = {NSS_STATUS_UNAVAIL, ENOENT, NO_RECOVERY};
const Row kBadFamily = {NSS_STATUS_UNAVAIL, EAFNOSUPPORT, NO_RECOVERY};

namespace {

constexpr char kCanary = '\x5a';
constexpr size_t kMargin = 64;
constexpr int kPoisonedErrno = 77;

std::atomic<size_t> checks = 0;

struct Module {
  nss_status (*name4)(const char*, gaih_addrtuple**, char*, size_t, int*, int*, int32_t*);
  nss_status (*name3)(const char*, int, hostent*, char*, size_t, int*, int*, int32_t*, char**);
  nss_status (*name2)(const char*, int, hostent*, char*, size_t, int*, int*);
  nss_status (*name)(const char*, hostent*, char*, size_t, int*, int*);
  nss_status (*address2)(const void*, socklen_t, int, hostent*, char*, size_t, int*, int*,
                         int32_t*);
  nss_status (*address)(const void*, socklen_t, int, hostent*, char*, size_t, int*, int*);
};

const Module& Loaded() {
  static const Module module = [] {
    void* handle = dlopen(COMMRESOLVE_NSS_MODULE, RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) {
      std::cerr << dlerror() << '\n';
      std::abort();
    }
    Module loaded{};
    const auto find = [handle](const char* name, auto* function) {
      *reinterpret_cast<void**>(function) = dlsym(handle, name);
      if (*function == nullptr) std::abort();
    };
    find("_nss_commresolve_gethostbyname4_r", &loaded.name4);
    find("_nss_commresolve_gethostbyname3_r", &loaded.name3);
    find("_nss_commresolve_gethostbyname2_r", &loaded.name2);
    find("_nss_commresolve_gethostbyname_r", &loaded.name);
    find("_nss_commresolve_gethostbyaddr2_r", &loaded.address2);
    find("_nss_commresolve_gethostbyaddr_r", &loaded.address);
    return loaded;
  }();
  return module;
}

/// One call with its buffer between two margins of canaries.
class Caller {
 public:
  explicit Caller(const Call& call) : call_(call) {
    const size_t size = kMargin + call.misalignment + call.buffer_size + kMargin;
    memory_.reset(static_cast<char*>(std::aligned_alloc(64, (size + 63) / 64 * 64)));
    std::memset(memory_.get(), kCanary, (size + 63) / 64 * 64);
    buffer_ = call.null_buffer ? nullptr : memory_.get() + kMargin + call.misalignment;
  }

  Outcome Make() {
    std::memset(&host_, kCanary, sizeof host_);
    errno = kPoisonedErrno;
    out_.status = Enter();
    const int after = errno;
    const bool moved = call_.errno_is_output && out_.status != NSS_STATUS_SUCCESS;
    if (call_.errno_is_output) error_ = moved ? after : kPoisonedError;
    Require(moved || after == kPoisonedErrno, "errno changed");
    CheckMargins();
    out_.error = error_;
    out_.host_error = host_error_;
    out_.ttl = ttl_;
    if (out_.status == NSS_STATUS_SUCCESS) {
      Collect();
    } else {
      CheckUntouched();
    }
    return out_;
  }

 private:
  void Require(bool holds, const char* what) {
    ++checks;
    if (!holds && out_.fault.empty()) out_.fault = what;
  }

  nss_status Enter() {
    int* error = call_.null_outputs ? nullptr : call_.errno_is_output ? &errno : &error_;
    int* host_error = call_.null_outputs ? nullptr : &host_error_;
    int32_t* ttl = call_.null_outputs ? nullptr : &ttl_;
    char** canonical = call_.null_outputs ? nullptr : &canonical_;
    const Module& module = Loaded();
    const size_t size = call_.buffer_size;
    const char* name = call_.name.c_str();
    const char* address = call_.address.data();
    const auto length = static_cast<socklen_t>(call_.address.size());
    const int family = call_.family;
    switch (call_.entry) {
      case Entry::kName4:
        tuple_ = call_.own_tuple ? &own_tuple_ : nullptr;
        return module.name4(name, &tuple_, buffer_, size, error, host_error, ttl);
      case Entry::kName3:
        return module.name3(name, family, &host_, buffer_, size, error, host_error, ttl, canonical);
      case Entry::kName2:
        return module.name2(name, family, &host_, buffer_, size, error, host_error);
      case Entry::kName:
        return module.name(name, &host_, buffer_, size, error, host_error);
      case Entry::kAddress2:
        return module.address2(address, length, family, &host_, buffer_, size, error, host_error,
                               ttl);
      default:
        return module.address(address, length, family, &host_, buffer_, size, error, host_error);
    }
  }

  void CheckMargins() {
    const char* begin = memory_.get();
    const char* start = begin + kMargin + call_.misalignment;
    const char* end = start + call_.buffer_size;
    const auto clean = [](char c) { return c == kCanary; };
    Require(std::all_of(begin, start, clean), "wrote before the buffer");
    Require(std::all_of(end, end + kMargin, clean), "wrote after the buffer");
  }

  void CheckUntouched() {
    const auto* bytes = reinterpret_cast<const char*>(&host_);
    Require(std::all_of(bytes, bytes + sizeof host_, [](char c) { return c == kCanary; }),
            "changed the result of a failed call");
    Require(tuple_ == (call_.own_tuple ? &own_tuple_ : nullptr), "changed *pat in a failed call");
    Require(ttl_ == kPoisonedTtl, "changed the ttl in a failed call");
  }

  bool IsInside(const void* pointer, size_t size) {
    const auto* bytes = static_cast<const char*>(pointer);
    const bool inside =
        bytes >= buffer_ && bytes + size <= buffer_ + call_.buffer_size && buffer_ != nullptr;
    Require(inside, "a pointer leads out of the buffer");
    return inside;
  }
  template <class T>
  bool IsSound(const T* pointer) {
    const bool aligned = reinterpret_cast<uintptr_t>(pointer) % alignof(T) == 0;
    Require(aligned, "a pointer is not aligned");
    return IsInside(static_cast<const void*>(pointer), sizeof(T)) && aligned;
  }
  std::string TextAt(const char* text) {
    if (!IsInside(text, 1)) return {};
    const auto left = static_cast<size_t>(buffer_ + call_.buffer_size - text);
    Require(::strnlen(text, left) < left, "a name without its end");
    return {text, ::strnlen(text, left)};
  }

  void Collect() {
    if (call_.entry == Entry::kName4) {
      CollectTuples();
    } else {
      CollectHost();
    }
    if (canonical_ != nullptr) out_.canonical = TextAt(canonical_);
    Require(!out_.addresses.empty(), "success without an address");
    Require(!out_.name.empty(), "success without a name");
  }

  void CollectTuples() {
    const gaih_addrtuple* tuple = tuple_;
    for (bool first = true; tuple != nullptr; tuple = tuple->next, first = false) {
      if (!(first && call_.own_tuple) && !IsSound(tuple)) return;
      if (first) out_.name = TextAt(tuple->name);
      Require(tuple->scopeid == 0, "a scope out of nowhere");
      out_.addresses.emplace_back(reinterpret_cast<const char*>(tuple->addr),
                                  tuple->family == AF_INET6 ? 16 : 4);
    }
    if (call_.own_tuple) Require(tuple_ == &own_tuple_, "did not use the caller's tuple");
  }

  void CollectHost() {
    out_.name = TextAt(host_.h_name);
    Require(host_.h_length == (host_.h_addrtype == AF_INET6 ? 16 : 4), "a length of no family");
    Require(call_.entry == Entry::kName || call_.family == AF_UNSPEC ||
                host_.h_addrtype == call_.family,
            "another family");
    for (char** alias = host_.h_aliases; IsSound(alias) && *alias != nullptr; ++alias) {
      out_.aliases.push_back(TextAt(*alias));
    }
    for (char** address = host_.h_addr_list; IsSound(address) && *address != nullptr; ++address) {
      Require(reinterpret_cast<uintptr_t>(*address) % alignof(uint32_t) == 0,
              "an address is not aligned");
      if (!IsInside(*address, static_cast<size_t>(host_.h_length))) return;
      out_.addresses.emplace_back(*address, static_cast<size_t>(host_.h_length));
    }
  }

  struct Free {
    void operator()(char* memory) const { std::free(memory); }
  };
  const Call& call_;
  std::unique_ptr<char, Free> memory_;
  char* buffer_ = nullptr;
  hostent host_{};
  gaih_addrtuple own_tuple_{};
  gaih_addrtuple* tuple_ = nullptr;
  char* canonical_ = nullptr;
  int error_ = kPoisonedError;
  int host_error_ = kPoisonedHostError;
  int32_t ttl_ = kPoisonedTtl;
  Outcome out_;
};

}  // namespace

Outcome Make(const Call& call) { return Caller(call).Make(); }

size_t ChecksMade() { return checks; }

std::string Differs(const Outcome& outcome, const Row& row) {
  checks += 4;
  if (!outcome.fault.empty()) return outcome.fault;
  const std::string got = std::to_string(outcome.status) + "/" + std::to_string(outcome.error) +
                          "/" + std::to_string(outcome.host_error);
  const std::string wanted = std::to_string(row.status) + "/" + std::to_string(row.error) + "/" +
                             std::to_string(row.host_error);
  return got == wanted ? "" : "status/errno/h_errno " + got + ", not " + wanted;
}

}  // namespace commresolve::test
