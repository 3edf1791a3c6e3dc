// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The six functions that the C library calls, and the packing of answers into its buffers.

#include <netdb.h>
#include <netinet/in.h>
#include <nss.h>
#include <pthread.h>

#include <cerrno>

#include "nss-module/lookup.h"

#define COMMRESOLVE_ENTRY extern "C" __attribute__((visibility("default"))) nss_status

namespace {

using namespace commresolve::nss;

constexpr int64_t kMostTtl = 30;

/// What every call does around its work: keeps errno, and keeps the thread from being cancelled
/// while a descriptor is open.
class Call {
 public:
  Call(int* error, int* host_error) : saved_(errno), error_(error), host_error_(host_error) {
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel_state_);
  }
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;
  ~Call() { pthread_setcancelstate(cancel_state_, nullptr); }

  nss_status Succeed() {
    errno = saved_;
    if (host_error_ != nullptr) *host_error_ = NETDB_SUCCESS;
    return NSS_STATUS_SUCCESS;
  }
  nss_status Fail(nss_status status, int error, int host_error) {
    errno = saved_;
    if (error_ != nullptr) *error_ = error;
    if (host_error_ != nullptr) *host_error_ = host_error;
    return status;
  }
  /// The only use of NETDB_INTERNAL: with any other status it hides the services after us.
  nss_status BufferTooSmall() { return Fail(NSS_STATUS_TRYAGAIN, ERANGE, NETDB_INTERNAL); }
  nss_status Unsupported() { return Fail(NSS_STATUS_UNAVAIL, EAFNOSUPPORT, NO_RECOVERY); }
  nss_status Refuse(Verdict verdict) {
    if (verdict == Verdict::kNoAddress) return Fail(NSS_STATUS_NOTFOUND, ENOENT, NO_DATA);
    if (verdict == Verdict::kNoSuchName) return Fail(NSS_STATUS_NOTFOUND, ENOENT, HOST_NOT_FOUND);
    if (verdict == Verdict::kUnsure) return Fail(NSS_STATUS_TRYAGAIN, EAGAIN, TRY_AGAIN);
    return Fail(NSS_STATUS_UNAVAIL, ENOENT, NO_RECOVERY);
  }

 private:
  int saved_;
  int cancel_state_ = 0;
  int* error_;
  int* host_error_;
};

/// Hands out aligned pieces of the caller's buffer. One piece too many spoils it.
class Arena {
 public:
  Arena(char* buffer, size_t size) : next_(buffer), left_(buffer == nullptr ? 0 : size) {}
  template <class T>
  T* Take(size_t count) {
    const size_t skip = -reinterpret_cast<uintptr_t>(next_) % alignof(T);
    if (spoilt_ || left_ < skip || (left_ - skip) / sizeof(T) < count) {
      spoilt_ = true;
      return nullptr;
    }
    T* piece = reinterpret_cast<T*>(next_ + skip);
    next_ += skip + count * sizeof(T);
    left_ -= skip + count * sizeof(T);
    return piece;
  }
  char* Copy(const void* bytes, size_t size) {
    char* copy = Take<char>(size);
    return copy == nullptr ? nullptr : static_cast<char*>(memcpy(copy, bytes, size));
  }
  char* CopyText(const char* text) { return Copy(text, strlen(text) + 1); }
  [[nodiscard]] bool spoilt() const { return spoilt_; }

 private:
  char* next_;
  size_t left_;
  bool spoilt_ = false;
};

/// Fills `result` and returns true, or leaves it alone and returns false: the buffer is too small.
bool PackHost(const char* name, const char* alias, int family, const void* addresses, size_t count,
              Arena arena, hostent* result) {
  const size_t size = family == AF_INET ? 4 : 16;
  const bool aliased = *alias != '\0' && strcmp(alias, name) != 0;
  char** list = arena.Take<char*>(count + 1);
  char** aliases = arena.Take<char*>(2);
  // Aligned like the pointers before them: programs cast them to in_addr and in6_addr.
  char* bytes = arena.Copy(addresses, count * size);
  char* host = arena.CopyText(name);
  char* other = aliased ? arena.CopyText(alias) : nullptr;
  if (arena.spoilt()) return false;
  for (size_t i = 0; i < count; ++i) list[i] = bytes + i * size;
  list[count] = nullptr;
  aliases[0] = other;
  aliases[1] = nullptr;
  *result = {host, aliases, family, static_cast<int>(size), list};
  return true;
}

void SetTtl(const Answer& answer, int32_t* ttl) {
  const int64_t left = answer.record.head.proved_until - answer.now;
  if (ttl != nullptr) *ttl = static_cast<int32_t>(left < kMostTtl ? left : kMostTtl);
}

const char* OfficialName(const Record& record) {
  return *record.canonical != '\0' ? record.canonical : record.name;
}

}  // namespace

COMMRESOLVE_ENTRY _nss_commresolve_gethostbyname4_r(const char* name, gaih_addrtuple** pat,
                                                    char* buffer, size_t buflen, int* errnop,
                                                    int* h_errnop, int32_t* ttlp) {
  Call call(errnop, h_errnop);
  if (name == nullptr || pat == nullptr) return call.Refuse(Verdict::kForeign);
  Answer answer;
  const Verdict verdict = LookUpName(name, &answer);
  if (verdict != Verdict::kFound) return call.Refuse(verdict);
  const RecordHead& head = answer.record.head;
  const size_t count = size_t{head.v6_count} + head.v4_count;
  if (count == 0) return call.Refuse(Verdict::kNoAddress);
  Arena arena(buffer, buflen);
  auto* tuples = arena.Take<gaih_addrtuple>(count);
  char* host = arena.CopyText(OfficialName(answer.record));
  if (arena.spoilt()) return call.BufferTooSmall();
  for (size_t i = 0; i < count; ++i) {
    const bool v6 = i < head.v6_count;
    tuples[i] = {i + 1 < count ? tuples + i + 1 : nullptr, host, v6 ? AF_INET6 : AF_INET, {}, 0};
    memcpy(tuples[i].addr,
           v6 ? answer.record.v6 + i * 16 : answer.record.v4 + (i - head.v6_count) * 4,
           v6 ? 16 : 4);
  }
  // nscd hands in a first tuple of its own.
  if (*pat != nullptr) **pat = *tuples;
  if (*pat == nullptr) *pat = tuples;
  SetTtl(answer, ttlp);
  return call.Succeed();
}

COMMRESOLVE_ENTRY _nss_commresolve_gethostbyname3_r(const char* name, int af, hostent* result,
                                                    char* buffer, size_t buflen, int* errnop,
                                                    int* h_errnop, int32_t* ttlp, char** canonp) {
  Call call(errnop, h_errnop);
  if (name == nullptr || result == nullptr) return call.Refuse(Verdict::kForeign);
  if (af == AF_UNSPEC) af = AF_INET;
  if (af != AF_INET && af != AF_INET6) return call.Unsupported();
  Answer answer;
  const Verdict verdict = LookUpName(name, &answer);
  if (verdict != Verdict::kFound) return call.Refuse(verdict);
  const Record& record = answer.record;
  const size_t count = af == AF_INET ? record.head.v4_count : record.head.v6_count;
  if (count == 0) return call.Refuse(Verdict::kNoAddress);
  if (!PackHost(OfficialName(record), record.name, af, af == AF_INET ? record.v4 : record.v6, count,
                Arena(buffer, buflen), result)) {
    return call.BufferTooSmall();
  }
  if (canonp != nullptr) *canonp = result->h_name;
  SetTtl(answer, ttlp);
  return call.Succeed();
}

COMMRESOLVE_ENTRY _nss_commresolve_gethostbyname2_r(const char* name, int af, hostent* result,
                                                    char* buffer, size_t buflen, int* errnop,
                                                    int* h_errnop) {
  return _nss_commresolve_gethostbyname3_r(name, af, result, buffer, buflen, errnop, h_errnop,
                                           nullptr, nullptr);
}

COMMRESOLVE_ENTRY _nss_commresolve_gethostbyname_r(const char* name, hostent* result, char* buffer,
                                                   size_t buflen, int* errnop, int* h_errnop) {
  return _nss_commresolve_gethostbyname3_r(name, AF_INET, result, buffer, buflen, errnop, h_errnop,
                                           nullptr, nullptr);
}

COMMRESOLVE_ENTRY _nss_commresolve_gethostbyaddr2_r(const void* addr, socklen_t len, int af,
                                                    hostent* result, char* buffer, size_t buflen,
                                                    int* errnop, int* h_errnop, int32_t* ttlp) {
  Call call(errnop, h_errnop);
  if (addr == nullptr || result == nullptr) return call.Refuse(Verdict::kForeign);
  if (len != (af == AF_INET ? 4 : 16)) return call.Unsupported();
  if (af != AF_INET && af != AF_INET6) return call.Unsupported();
  Answer answer;
  const Verdict verdict = LookUpAddress(addr, len, &answer);
  if (verdict != Verdict::kFound) return call.Refuse(verdict);
  if (!PackHost(answer.record.name, answer.record.canonical, af, addr, 1, Arena(buffer, buflen),
                result)) {
    return call.BufferTooSmall();
  }
  SetTtl(answer, ttlp);
  return call.Succeed();
}

COMMRESOLVE_ENTRY _nss_commresolve_gethostbyaddr_r(const void* addr, socklen_t len, int af,
                                                   hostent* result, char* buffer, size_t buflen,
                                                   int* errnop, int* h_errnop) {
  return _nss_commresolve_gethostbyaddr2_r(addr, len, af, result, buffer, buflen, errnop, h_errnop,
                                           nullptr);
}
