// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Chain building and verification by OpenSSL.

#include "resolver/net/public_chain.h"

#include <openssl/err.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <string_view>
#include <unordered_set>

#include "resolver/base/der.h"
#include "resolver/base/openssl_ptr.h"

namespace commresolve {
namespace {

constexpr size_t kMaxCertificates = 10;
constexpr size_t kMaxDer = 65536;
/// At least 80 bits of security: a chain of MD5 or SHA-1 signatures can be forged, and is none.
constexpr int kSecurityLevel = 1;
/// For so long nobody looks again whether a name is that of a root.
constexpr auto kNamesLast = std::chrono::minutes(1);
constexpr size_t kMaxNames = 10'000;

using X509NamePtr = std::unique_ptr<X509_NAME, OpensslDeleter<X509_NAME_free>>;
using X509ObjectPtr = std::unique_ptr<X509_OBJECT, OpensslDeleter<X509_OBJECT_free>>;

/// Null unless `der` is one certificate and nothing else.
X509Ptr Parse(const std::string& der) {
  if (der.size() > kMaxDer) return nullptr;
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  const unsigned char* end = at + der.size();
  X509Ptr certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  return at == end ? std::move(certificate) : nullptr;
}

X509StackPtr ParseIssuers(const std::vector<std::string>& chain) {
  X509StackPtr issuers(sk_X509_new_null());
  const size_t count = std::min(chain.size(), kMaxCertificates);
  for (size_t i = 1; i < count && issuers != nullptr; ++i) {
    X509Ptr certificate = Parse(chain[i]);
    if (certificate == nullptr) continue;
    if (sk_X509_push(issuers.get(), certificate.get()) == 0) return nullptr;
    [[maybe_unused]] const X509* now_owned_by_stack = certificate.release();
  }
  return issuers;
}

/// X509_STORE_set_default_paths() without its third way, an OSSL_STORE that reads the whole folder
/// for each issuer that is not found.
bool LoadSystemRoots(X509_STORE* store) {
  X509_LOOKUP* file = X509_STORE_add_lookup(store, X509_LOOKUP_file());
  X509_LOOKUP* folder = X509_STORE_add_lookup(store, X509_LOOKUP_hash_dir());
  if (file == nullptr || folder == nullptr) return false;
  // Either may be missing.
  X509_LOOKUP_load_file(file, nullptr, X509_FILETYPE_DEFAULT);
  X509_LOOKUP_add_dir(folder, nullptr, X509_FILETYPE_DEFAULT);
  return true;
}

/// Lets a set of strings be asked for views.
struct ViewHash {
  using is_transparent = void;
  size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};
using Names = std::unordered_set<std::string, ViewHash, std::equal_to<>>;

}  // namespace

struct PublicChainChecker::Impl {
  X509StorePtr store;
  std::mutex lock = {};                              // Guards what follows.
  Names no_roots = {};                               ///< As encoded, that no root bears.
  std::chrono::steady_clock::time_point since = {};  ///< When the first of them was looked for.

  bool IsRoot(std::string_view name);
  std::optional<int> ErrorOfLone(const std::vector<std::string>& chain);
};

/// True also if it cannot be told.
bool PublicChainChecker::Impl::IsRoot(std::string_view encoded) {
  const auto now = std::chrono::steady_clock::now();
  const std::scoped_lock guard(lock);
  if (now - since > kNamesLast || no_roots.size() >= kMaxNames) {
    no_roots.clear();
    since = now;
  }
  if (no_roots.contains(encoded)) return false;
  const auto* at = reinterpret_cast<const unsigned char*>(encoded.data());
  const X509NamePtr name(d2i_X509_NAME(nullptr, &at, static_cast<long>(encoded.size())));
  const X509StoreCtxPtr context(X509_STORE_CTX_new());
  const X509ObjectPtr found(X509_OBJECT_new());
  bool is_root = true;
  if (name != nullptr && found != nullptr && context != nullptr &&
      X509_STORE_CTX_init(context.get(), store.get(), nullptr, nullptr) == 1) {
    is_root =
        X509_STORE_CTX_get_by_subject(context.get(), X509_LU_X509, name.get(), found.get()) != 0;
  }
  ERR_clear_error();
  if (!is_root) no_roots.emplace(encoded);
  return is_root;
}

/// How the check of a certificate ends that nobody is there to vouch for; empty for all others.
/// Decoding one costs a hundred times as much as to look at its issuer.
std::optional<int> PublicChainChecker::Impl::ErrorOfLone(const std::vector<std::string>& chain) {
  if (chain.size() != 1) return std::nullopt;
  const std::optional<EncodedParts> parts = PartsOf(chain.front());
  if (!parts || IsRoot(parts->issuer)) return std::nullopt;
  return parts->issuer == parts->subject ? X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT
                                         : X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY;
}

PublicChainChecker::PublicChainChecker(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
PublicChainChecker::~PublicChainChecker() = default;

Result<std::unique_ptr<PublicChainChecker>> PublicChainChecker::Make(const std::string& ca_file) {
  X509StorePtr store(X509_STORE_new());
  if (store == nullptr) return Error{Code::kInternal, "out of memory"};
  if (!(ca_file.empty() ? LoadSystemRoots(store.get())
                        : X509_STORE_load_file(store.get(), ca_file.c_str()) == 1)) {
    const std::string what = ca_file.empty() ? "the system's CA certificates" : ca_file;
    return Error{Code::kUnavailable, what + ": no CA certificates: " + TakeOpensslError(),
                 "name a PEM file of CA certificates, or install the package ca-certificates"};
  }
  ERR_clear_error();
  return std::unique_ptr<PublicChainChecker>(
      new PublicChainChecker(std::unique_ptr<Impl>(new Impl{std::move(store)})));
}

PublicChain PublicChainChecker::Check(const std::vector<std::string>& chain, UnixTime time) {
  PublicChain result;
  result.checked_for = time;
  if (const std::optional<int> error = impl_->ErrorOfLone(chain)) {
    result.reason = X509_verify_cert_error_string(*error);
    return result;
  }
  const X509Ptr leaf = chain.empty() ? nullptr : Parse(chain.front());
  const X509StackPtr issuers = ParseIssuers(chain);
  const X509StoreCtxPtr context(X509_STORE_CTX_new());
  if (leaf == nullptr) {
    result.reason = "the certificate cannot be parsed";
  } else if (issuers == nullptr || context == nullptr ||
             X509_STORE_CTX_init(context.get(), impl_->store.get(), leaf.get(), issuers.get()) !=
                 1) {
    result.reason = "out of memory";
  } else {
    X509_VERIFY_PARAM* param = X509_STORE_CTX_get0_param(context.get());
    X509_VERIFY_PARAM_set_time(param, time);
    X509_VERIFY_PARAM_set_purpose(param, X509_PURPOSE_SSL_SERVER);
    X509_VERIFY_PARAM_set_depth(param, static_cast<int>(kMaxCertificates));
    X509_VERIFY_PARAM_set_auth_level(param, kSecurityLevel);
    result.valid = X509_verify_cert(context.get()) == 1;
    if (!result.valid) {
      result.reason = X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get()));
    }
  }
  ERR_clear_error();
  return result;
}

}  // namespace commresolve
