// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which certificates and rows become observations, and what is said about the others.

#include "index/sources/reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/index/certificate/odd_certificate.h"
#include "tests/index/sources/reading.h"

namespace commresolve::index {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

const RawExtension kCa = {NID_basic_constraints, Element(0x30, "\x01\x01\xff")};
const RawExtension kClientAuth = {NID_ext_key_usage,
                                  Element(0x30, Element(0x06, "\x2b\x06\x01\x05\x05\x07\x03\x02"))};

std::string Leaf(const std::string& name, const std::string& issuer = "Issuing CA") {
  return MakeOdd({.subject = {{NID_commonName, name}},
                  .issuer = {{NID_commonName, issuer}},
                  .extensions = {Sans(Dns(name))},
                  .foreign_signature = true});
}

std::string Ca(const std::string& name, const std::string& issuer) {
  return MakeOdd({.subject = {{NID_commonName, name}},
                  .issuer = {{NID_commonName, issuer}},
                  .extensions = {kCa},
                  .foreign_signature = name != issuer});
}

const std::string kLeaf = Leaf("www.example.org");
const std::string kIssuer = Ca("Issuing CA", "Root CA");
const std::string kRoot = Ca("Root CA", "Root CA");
const std::string kClient =
    MakeOdd({.subject = {{NID_commonName, "client"}}, .extensions = {kClientAuth}});

std::string Row(const std::string& fields) { return "{" + fields + "}\n"; }
std::string Inline(const std::string& der, const std::string& more = "") {
  return Row("\"der_b64\":\"" + Base64(der) + "\"" + more);
}
std::string Seen(const std::string& der, const std::string& more = "") {
  return Row("\"sha256\":\"" + HexId(der) + "\",\"ip\":\"192.0.2.7\",\"port\":443" + more);
}
const std::string kAt = ",\"ip\":\"192.0.2.7\",\"port\":443";

/// A folder that goes away.
class Folder {
 public:
  Folder() {
    std::string pattern = (fs::temp_directory_path() / "commresolve-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  void Put(const std::string& name, const std::string& content) const {
    fs::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << content;
  }
  [[nodiscard]] std::string operator/(const std::string& name) const { return path_ / name; }
  [[nodiscard]] const fs::path& path() const { return path_; }

  [[nodiscard]] Reading Read() const {
    Reading reading;
    EXPECT_TRUE(ReadObservations({path_}, kNow, reading.Sink()).ok());
    return reading;
  }

 private:
  fs::path path_;
};

std::vector<std::string> Reasons(const Reading& reading) {
  std::vector<std::string> reasons;
  reasons.reserve(reading.refusals.size());
  for (const Refusal& refusal : reading.refusals) reasons.push_back(refusal.reason);
  return reasons;
}

TEST(Reader, ACertificateOnItsOwnIsAnObservationWithoutEndpoint) {
  for (const std::string& content :
       {kLeaf, Pem(kLeaf), Inline(kLeaf), "comment\n\n" + Pem(kLeaf)}) {
    const Reading reading = ReadText(content);
    ASSERT_EQ(reading.observations.size(), 1U);
    const Observation& observation = reading.observations[0];
    EXPECT_THAT(observation.chain, ElementsAre(kLeaf));
    EXPECT_FALSE(observation.endpoint.has_value());
    EXPECT_EQ(observation.time, kNow);
    EXPECT_EQ(observation.source, "import");
    EXPECT_FALSE(observation.proof);
    EXPECT_THAT(reading.refusals, IsEmpty());
    EXPECT_THAT(reading.left_out, IsEmpty());
  }
}

TEST(Reader, ALeafWithItsIssuersIsOneChain) {
  const std::string other = Leaf("other.example");
  const Reading reading = ReadText(Pem(kLeaf) + Pem(kIssuer) + Pem(kRoot) + Pem(other));
  ASSERT_EQ(reading.observations.size(), 2U);
  EXPECT_THAT(reading.observations[0].chain, ElementsAre(kLeaf, kIssuer, kRoot));
  EXPECT_THAT(reading.observations[1].chain, ElementsAre(other));
  EXPECT_THAT(reading.left_out, UnorderedElementsAre(Pair(IdOf(kIssuer), LeftOut::kIssuer),
                                                     Pair(IdOf(kRoot), LeftOut::kIssuer)));
}

TEST(Reader, TwoLeavesAreNoChain) {
  const std::string self = MakeOdd(
      {.subject = {{NID_commonName, "Issuing CA"}}, .extensions = {Sans(Dns("self.example"))}});
  const Reading reading = ReadText(Pem(kLeaf) + Pem(self));
  ASSERT_EQ(reading.observations.size(), 2U);
  EXPECT_THAT(reading.observations[0].chain, ElementsAre(kLeaf));
}

TEST(Reader, CasAndClientsAloneAreLeftOut) {
  for (const std::string& content :
       {Pem(kIssuer) + Pem(kClient), Inline(kIssuer) + Inline(kClient)}) {
    const Reading reading = ReadText(content);
    EXPECT_THAT(reading.observations, IsEmpty());
    EXPECT_THAT(reading.refusals, IsEmpty());
    EXPECT_THAT(reading.left_out, UnorderedElementsAre(Pair(IdOf(kIssuer), LeftOut::kIssuer),
                                                       Pair(IdOf(kClient), LeftOut::kClient)));
  }
}

TEST(Reader, ASelfSignedCaWithADnsNameIsAServer) {
  const std::string device = MakeOdd(
      {.subject = {{NID_commonName, "router"}}, .extensions = {kCa, Sans(Dns("router.example"))}});
  EXPECT_EQ(ReadText(Pem(device)).observations.size(), 1U);
}

TEST(Reader, RowsGiveRolesToTheCertificatesBesideThem) {
  Folder folder;
  const std::string client_leaf = Leaf("client.example");
  const std::string lonely = Leaf("lonely.example");
  folder.Put("certs.pem", Pem(kIssuer) + Pem(kLeaf) + Pem(client_leaf) + Pem(kRoot));
  folder.Put("lonely.der", lonely);
  folder.Put("seen.jsonl", Seen(kLeaf, ",\"chain\":[\"" + HexId(kLeaf) + "\",\"" + HexId(kIssuer) +
                                           "\",\"" + HexId("absent") + "\"]"));
  const std::string client_ca = Ca("Client CA", "Client CA");
  folder.Put("client-ca.pem", Pem(client_ca));
  folder.Put("client-certs.jsonl", Seen(client_leaf, ",\"chain\":[\"" + HexId(client_leaf) +
                                                         "\",\"" + HexId(client_ca) + "\"]"));
  const Reading reading = folder.Read();
  ASSERT_EQ(reading.observations.size(), 2U);
  EXPECT_THAT(reading.observations[0].chain, ElementsAre(lonely));
  EXPECT_THAT(reading.observations[1].chain, ElementsAre(kLeaf, kIssuer));
  EXPECT_EQ(reading.observations[1].endpoint->ToString(), "192.0.2.7:443");
  EXPECT_THAT(reading.observations[1].origin, testing::EndsWith("seen.jsonl:1"));
  EXPECT_THAT(reading.refusals, IsEmpty());
  EXPECT_THAT(reading.left_out, UnorderedElementsAre(Pair(IdOf(kIssuer), LeftOut::kIssuer),
                                                     Pair(IdOf(kRoot), LeftOut::kIssuer),
                                                     Pair(IdOf(client_ca), LeftOut::kClient),
                                                     Pair(IdOf(client_leaf), LeftOut::kClient)));
  EXPECT_EQ(reading.done, reading.total);
}

TEST(Reader, ARowMayShowACertificateThatIsAClientsElsewhere) {
  Folder folder;
  folder.Put("certs.pem", Pem(kClient));
  folder.Put("seen.jsonl", Seen(kClient) + Seen(kClient, ",\"role\":\"client\""));
  const Reading reading = folder.Read();
  EXPECT_EQ(reading.observations.size(), 1U);
  EXPECT_THAT(reading.left_out, IsEmpty());
}

TEST(Reader, ClientRowsAreNeverServers) {
  EXPECT_THAT(ReadText(Inline(kLeaf, kAt + ",\"role\":\"client\"")).observations, IsEmpty());
  const Reading reading = ReadText(Inline(kLeaf, kAt), "dir/client-x.jsonl");
  EXPECT_THAT(reading.observations, IsEmpty());
  EXPECT_THAT(reading.left_out, ElementsAre(Pair(IdOf(kLeaf), LeftOut::kClient)));
}

TEST(Reader, ARowOfACaAtAnEndpointIsAnObservation) {
  EXPECT_EQ(ReadText(Inline(kRoot, kAt)).observations.size(), 1U);
}

struct ProtocolCase {
  const char* fields;
  Protocol protocol;
};

TEST(Reader, Protocols) {
  const ProtocolCase cases[] = {
      {"", Protocol::kTls},
      {",\"starttls\":null,\"transport\":\"tcp\"", Protocol::kTls},
      {",\"starttls\":\"smtp\"", Protocol::kSmtp},
      {",\"starttls\":\"openvpn\"", Protocol::kOpenvpn},
      {",\"starttls\":\"rdp\"", Protocol::kRdp},
      {",\"starttls\":\"mysql\"", Protocol::kMysql},
      {",\"starttls\":\"http-connect\"", Protocol::kTls},
      {",\"transport\":\"dtls\"", Protocol::kDtls},
      {",\"transport\":\"udp\"", Protocol::kQuic},
      {",\"starttls\":\"xmpp\",\"port\":5222", Protocol::kXmppClient},
      {",\"starttls\":\"xmpp\",\"port\":5269", Protocol::kXmppServer},
  };
  for (const ProtocolCase& one : cases) {
    const Reading reading = ReadText(Inline(kLeaf, kAt + one.fields));
    ASSERT_EQ(reading.observations.size(), 1U) << one.fields;
    EXPECT_EQ(reading.observations[0].endpoint->protocol, one.protocol) << one.fields;
  }
}

TEST(Reader, ServerNameAndTime) {
  const auto observe = [](const std::string& fields) {
    const Reading reading = ReadText(Inline(kLeaf, kAt + fields));
    EXPECT_EQ(reading.observations.size(), 1U) << fields;
    return reading.observations.at(0);
  };
  EXPECT_EQ(observe(",\"sni\":\"WWW.Example.org\"").endpoint->server_name, "www.example.org");
  for (const char* sni : {"null", "\"192.0.2.7\"", "\"a b\"", "\"*.example.org\"", "\"\""}) {
    EXPECT_EQ(observe(std::string(",\"sni\":") + sni).endpoint->server_name, "") << sni;
  }
  EXPECT_EQ(observe(",\"time\":\"1970-01-02T00:00:00.5Z\"").time, 86400);
}

TEST(Reader, BadRowsAreRefusedWithTheirLine) {
  const std::string rows[] = {
      "nonsense\n",
      Seen(kLeaf),
      Inline(kLeaf, ",\"ip\":\"192.0.2.256\",\"port\":1"),
      Inline(kLeaf, ",\"ip\":\"192.0.2.7\""),
      Inline(kLeaf, ",\"ip\":\"192.0.2.7\",\"port\":0"),
      Inline(kLeaf, ",\"ip\":\"192.0.2.7\",\"port\":65536"),
      Inline(kLeaf, kAt + ",\"starttls\":\"gopher\""),
      Inline(kLeaf, kAt + ",\"transport\":\"sctp\""),
      Inline(kLeaf, kAt + ",\"time\":\"yesterday\""),
      Inline(kLeaf, kAt + ",\"role\":\"judge\""),
      Inline(kLeaf, ",\"sha256\":\"" + HexId(kRoot) + "\""),
      Inline(kLeaf, ",\"sha256\":\"short\""),
      Inline("no certificate"),
      Row("\"der_b64\":\"***\""),
      Row("\"sha256\":\"zz\",\"ip\":\"192.0.2.7\",\"port\":1"),
  };
  std::string content = "{\"der_b64\":\"\"}\n\n";  // Makes it JSON Lines by its first character.
  for (const std::string& row : rows) content += row;
  const Reading reading = ReadText(content, "rows");
  EXPECT_THAT(reading.observations, IsEmpty());
  ASSERT_EQ(reading.refusals.size(), 1 + std::size(rows));
  for (size_t i = 1; i < reading.refusals.size(); ++i) {
    EXPECT_EQ(reading.refusals[i].line, i + 2) << reading.refusals[i].reason;
    EXPECT_EQ(reading.refusals[i].file, "rows");
    EXPECT_FALSE(reading.refusals[i].reason.empty());
  }
}

TEST(Reader, ReasonsAreSafeToPrint) {
  const Reading reading =
      ReadText(Inline(kLeaf, ",\"ip\":\"\\u001b[2J\\u0000\\u202e\\n\",\"port\":1"));
  ASSERT_EQ(reading.refusals.size(), 1U);
  EXPECT_EQ(reading.refusals[0].reason.find('\x1b'), std::string::npos);
  EXPECT_EQ(reading.refusals[0].reason.find('\0'), std::string::npos);
  EXPECT_EQ(reading.refusals[0].reason.find('\n'), std::string::npos);
  EXPECT_EQ(reading.refusals[0].reason.find(std::string{'\xe2', '\x80', '\xae'}),
            std::string::npos);
}

TEST(Reader, RowsOfAnotherKindAreRefusedOncePerFile) {
  const Reading reading = ReadText(Row("\"sha256\":\"aa\"") + Row("\"x\":1") + Inline(kLeaf));
  EXPECT_EQ(reading.observations.size(), 1U);
  EXPECT_THAT(Reasons(reading), ElementsAre(HasSubstr("no observations")));
}

TEST(Reader, GivesUpOnFilesThatAreNotJsonLines) {
  std::string content = "{\n";
  for (int i = 0; i < 1000; ++i) content += "  \"a\": 1,\n";
  EXPECT_EQ(ReadText(content).refusals.size(), kMaxBadLines + 1);
}

TEST(Reader, LongLinesAreRefused) {
  const Reading reading = ReadText(Inline(kLeaf) + "{\"x\":\"" + std::string(size_t{1} << 20, 'x') +
                                   "\"}\n" + Inline(kLeaf));
  EXPECT_EQ(reading.observations.size(), 2U);
  ASSERT_EQ(reading.refusals.size(), 1U);
  EXPECT_EQ(reading.refusals[0].line, 2U);
}

TEST(Reader, FilesThatHoldNoCertificateAreRefused) {
  EXPECT_THAT(Reasons(ReadText("")), ElementsAre("holds no certificate"));
  EXPECT_THAT(Reasons(ReadText(Pem("key", "PRIVATE KEY"))), ElementsAre("holds no certificate"));
  EXPECT_THAT(Reasons(ReadText(std::string("\xd4\xc3\xb2\xa1\0\0", 6))),
              ElementsAre("neither PEM, DER, PKCS#7 nor JSON Lines"));
  EXPECT_THAT(Reasons(ReadText("0\x82\x01")), ElementsAre(HasSubstr("not a certificate")));
}

TEST(Reader, RefusesBadCertificatesAndGoesOn) {
  const std::string text = Pem("garbage");
  const Reading reading = ReadText(text + Pem(kLeaf));
  EXPECT_EQ(reading.observations.size(), 1U);
  ASSERT_EQ(reading.refusals.size(), 1U);
  EXPECT_EQ(reading.refusals[0].offset, 0U);
  EXPECT_THAT(reading.observations[0].origin, "file:" + std::to_string(text.size()));
}

TEST(Reader, BytesAfterALeafStayForTheParserToSee) {
  const std::string longer = kLeaf + "xy";
  EXPECT_THAT(ReadText(longer).observations.at(0).chain, ElementsAre(longer));
  EXPECT_THAT(
      ReadText(Inline(longer, ",\"sha256\":\"" + HexId(longer) + "\"")).observations.at(0).chain,
      ElementsAre(longer));
  EXPECT_THAT(ReadText(Pem(kLeaf) + Pem(kIssuer + "xy")).observations.at(0).chain,
              ElementsAre(kLeaf, kIssuer));
}

TEST(Reader, FoldersWithoutHiddenFilesAndLinks) {
  Folder folder;
  folder.Put("b/leaf.pem", Pem(kLeaf));
  folder.Put("a.pem", Pem(Leaf("a.example")));
  folder.Put(".hidden.pem", Pem(Leaf("hidden.example")));
  folder.Put(".git/x.pem", Pem(Leaf("hidden.example")));
  fs::create_symlink(folder / "a.pem", folder / "link.pem");
  fs::create_directory_symlink(folder.path(), folder / "loop");
  const Reading reading = folder.Read();
  EXPECT_EQ(reading.observations.size(), 2U);
  EXPECT_THAT(reading.refusals, IsEmpty());

  Reading named;
  ASSERT_TRUE(
      ReadObservations({folder / "link.pem", folder / ".hidden.pem", folder / ".hidden.pem"}, kNow,
                       named.Sink())
          .ok());
  EXPECT_EQ(named.observations.size(), 2U);
}

TEST(Reader, RowsOfOneFolderDoNotReachIntoAnother) {
  Folder folder;
  folder.Put("certs/a.pem", Pem(kIssuer));
  folder.Put("rows/a.jsonl", Seen(kIssuer));
  const Reading reading = folder.Read();
  EXPECT_THAT(reading.observations, IsEmpty());
  EXPECT_THAT(Reasons(reading), ElementsAre(HasSubstr("not in a file of this folder")));
}

TEST(Reader, RowsFindCertificatesInTheFilesBeside) {
  Folder folder;
  folder.Put("all.pem", Pem(kLeaf) + Pem(kIssuer) + Pem(Leaf("unasked.example")));
  folder.Put("junk.pem", "nothing of the kind");
  folder.Put(".hidden.pem", Pem(Leaf("hidden.example")));
  folder.Put("rows.jsonl", Seen(kLeaf) + Seen(Leaf("hidden.example")));
  Reading reading;
  ASSERT_TRUE(ReadObservations({folder / "rows.jsonl"}, kNow, reading.Sink()).ok());
  ASSERT_EQ(reading.observations.size(), 1U);
  EXPECT_EQ(reading.observations[0].chain[0], kLeaf);
  EXPECT_TRUE(reading.observations[0].endpoint.has_value());
  EXPECT_THAT(Reasons(reading), ElementsAre(HasSubstr("not in a file of this folder")));
  EXPECT_EQ(reading.done, reading.total);
  EXPECT_THAT(reading.left_out, IsEmpty());
}

TEST(Reader, RowsFindCertificatesOnRecord) {
  Reading reading;
  reading.on_record[IdOf(kLeaf)] = kLeaf;
  ASSERT_TRUE(ReadContent(Seen(kLeaf), "rows.jsonl", kNow, reading.Sink()).ok());
  EXPECT_EQ(reading.observations.size(), 1U);
  EXPECT_THAT(reading.refusals, IsEmpty());
}

TEST(Reader, AMissingPathIsRefusedAndTheRestIsRead) {
  Folder folder;
  folder.Put("a.pem", Pem(kLeaf));
  Reading reading;
  ASSERT_TRUE(ReadObservations({folder / "missing", folder / "a.pem"}, kNow, reading.Sink()).ok());
  EXPECT_EQ(reading.observations.size(), 1U);
  EXPECT_THAT(Reasons(reading), ElementsAre("does not exist"));
}

TEST(Reader, StopsWhenTheSinkSaysSo) {
  for (const std::string& content :
       {Pem(kLeaf) + Pem(Leaf("b.example")), Inline(kLeaf) + Inline(kLeaf)}) {
    Reading reading;
    reading.stop_after = 1;
    const Status status = ReadContent(content, "file", kNow, reading.Sink());
    ASSERT_FALSE(status.ok());
    EXPECT_EQ(status.error().code, Code::kInterrupted);
    EXPECT_EQ(reading.observations.size(), 1U);
  }
}

}  // namespace
}  // namespace commresolve::index
