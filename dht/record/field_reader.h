// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// FieldReader: reads a record field by field, and names the first that is wrong.

#ifndef COMMRESOLVE_DHT_RECORD_FIELD_READER_H_
#define COMMRESOLVE_DHT_RECORD_FIELD_READER_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "resolver/base/byte_codec.h"
#include "resolver/base/clock.h"
#include "resolver/base/result.h"

namespace commresolve::dht {

/// After the first field that does not fit or that the caller refuses, every further read yields
/// zero or nothing; ask Finish() once at the end. Views point into the input.
class FieldReader {
 public:
  explicit FieldReader(std::string_view bytes) : bytes_(bytes) {}

  uint8_t U8(const char* field) { return Checked(bytes_.Byte(), field); }
  uint16_t U16(const char* field) { return Checked(bytes_.Fixed16(), field); }
  uint32_t U32(const char* field) { return Checked(bytes_.Fixed32(), field); }
  /// 4 bytes, seconds since 1970.
  UnixTime Time(const char* field) { return U32(field); }
  std::string_view Raw(size_t length, const char* field) {
    return Checked(bytes_.Raw(length), field);
  }
  template <size_t N>
  std::array<uint8_t, N> Array(const char* field) {
    std::array<uint8_t, N> bytes{};
    const std::string_view raw = Raw(N, field);
    std::copy(raw.begin(), raw.end(), bytes.begin());
    return bytes;
  }

  /// Refuses the record because of `field`, unless another one was refused before.
  void Refuse(const char* field, const char* why);
  [[nodiscard]] bool ok() const { return !bytes_.failed(); }
  [[nodiscard]] size_t left() const { return bytes_.left(); }
  /// kInvalidArgument, "`record`: field: why", unless every byte was read and nothing refused.
  [[nodiscard]] Status Finish(const char* record) const;

 private:
  template <class T>
  T Checked(T value, const char* field) {
    if (bytes_.failed()) Refuse(field, "cut short");
    return value;
  }

  ByteReader bytes_;
  std::string problem_;
};

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_RECORD_FIELD_READER_H_
