#include "media/xmp.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "base/log.h"

namespace gan::core {
namespace {

constexpr const char* kPartly =
    "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia";
constexpr const char* kWholly =
    "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia";

size_t Count(const std::string& text, const std::string& part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

std::string Packet(const std::string& inside, const std::string& attributes = "") {
  return "<?xpacket begin=\"\" id=\"x\"?><x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF "
         "xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description "
         "rdf:about=\"uuid:1\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
         "xmlns:e=\"http://iptc.org/std/Iptc4xmpExt/2008-02-29/\" "
         "xmlns:xap=\"http://ns.adobe.com/xap/1.0/\" " +
         attributes + ">" + inside +
         "</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end=\"w\"?>";
}

TEST(Xmp, NewPacketSaysWhatWasDone) {
  const std::string enlarged = AddProvenance("", Provenance::kEnlarged);
  EXPECT_EQ(Count(enlarged, std::string("Iptc4xmpExt:DigitalSourceType=\"") + kPartly + "\""), 1);
  EXPECT_EQ(Count(enlarged, "xmp:CreatorTool=\"gan.cpp "), 1);
  EXPECT_EQ(Count(enlarged, "<?xpacket"), 2);
  const std::string sampled = AddProvenance("", Provenance::kSampled);
  EXPECT_EQ(Count(sampled, std::string("Iptc4xmpExt:DigitalSourceType=\"") + kWholly + "\""), 1);
}

TEST(Xmp, EverythingElseStays) {
  const std::string before = Packet("<dc:title>A &lt; B <!-- </rdf:RDF> --></dc:title>");
  const std::string after = AddProvenance(before, Provenance::kEnlarged);
  const size_t at = after.find("<rdf:Description xmlns:rdf");
  ASSERT_NE(at, std::string::npos);
  const size_t end = after.find("/>\n", at) + 3;
  EXPECT_EQ(after.substr(0, at) + after.substr(end), before);
  EXPECT_EQ(Count(after.substr(at, end - at), "rdf:about=\"uuid:1\""), 1);
  EXPECT_EQ(after.find(kPartly, at) < end, true);
}

TEST(Xmp, DoneTwiceIsDoneOnce) {
  const std::string once = AddProvenance(Packet(""), Provenance::kEnlarged);
  const std::string twice = AddProvenance(once, Provenance::kEnlarged);
  EXPECT_EQ(Count(twice, kPartly), 1);
  EXPECT_EQ(Count(twice, "CreatorTool"), 1);
}

TEST(Xmp, OldSourceTypeIsReplacedHoweverItIsWritten) {
  const std::string old = "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture";
  for (const std::string& packet :
       {Packet("", "e:DigitalSourceType='" + old + "'"),
        Packet("<e:DigitalSourceType>" + old + "</e:DigitalSourceType>"),
        Packet("<e:DigitalSourceType rdf:resource=\"" + old + "\"/>")}) {
    const std::string after = AddProvenance(packet, Provenance::kEnlarged);
    EXPECT_EQ(Count(after, old), 0) << after;
    EXPECT_EQ(Count(after, kPartly), 1) << after;
  }
}

TEST(Xmp, PropertiesOfOtherThingsStay) {
  const std::string nested =
      "<dc:source rdf:parseType=\"Resource\"><e:DigitalSourceType>digitalCapture"
      "</e:DigitalSourceType></dc:source>";
  EXPECT_EQ(Count(AddProvenance(Packet(nested), Provenance::kEnlarged), nested), 1);
}

TEST(Xmp, WhollyMadeStaysSoWhenEnlarged) {
  for (const std::string& packet :
       {Packet("", std::string("e:DigitalSourceType=\"") + kWholly + "\""),
        Packet(std::string("<e:DigitalSourceType>\n") + kWholly + "\n</e:DigitalSourceType>")}) {
    const std::string after = AddProvenance(packet, Provenance::kEnlarged);
    EXPECT_EQ(Count(after, kWholly), 1) << after;
    EXPECT_EQ(Count(after, kPartly), 0) << after;
  }
}

TEST(Xmp, CreatorToolOfOthersStays) {
  for (const std::string& packet : {Packet("", "xap:CreatorTool=\"Camera 1.0\""),
                                    Packet("<xap:CreatorTool>Camera 1.0</xap:CreatorTool>")}) {
    const std::string after = AddProvenance(packet, Provenance::kEnlarged);
    EXPECT_EQ(Count(after, "Camera 1.0"), 1);
    EXPECT_EQ(Count(after, "gan.cpp"), 0);
  }
}

TEST(Xmp, EmptyRdfElementIsOpened) {
  const std::string after = AddProvenance(
      "<r:RDF xmlns:r=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" />", Provenance::kEnlarged);
  EXPECT_TRUE(after.starts_with(
      "<r:RDF xmlns:r=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" >\n<rdf:Description"))
      << after;
  EXPECT_TRUE(after.ends_with("/>\n</r:RDF>")) << after;
}

TEST(Xmp, WhatIsNoXmpIsReplaced) {
  SetVerbosity(-1);
  const std::string good = Packet("<dc:title>x</dc:title>");
  const std::string fresh = AddProvenance("", Provenance::kEnlarged);
  for (const std::string& packet :
       {std::string("no XML at all"), std::string("<a><b></a></b>"), std::string("<a"),
        std::string("<rdf:RDF></rdf:RDF>"), std::string("<!-- open"), std::string("<a b='"),
        good.substr(0, good.size() / 2), std::string("<\0a\0/\0>\0", 8), good + "</more>"}) {
    EXPECT_EQ(AddProvenance(packet, Provenance::kEnlarged), fresh) << packet;
  }
}

TEST(Xmp, EveryCutIsSurvived) {
  SetVerbosity(-1);
  const std::string good = Packet("<dc:title>x</dc:title><e:DigitalSourceType rdf:resource='y'/>",
                                  "xap:CreatorTool='c'");
  for (size_t size = 0; size < good.size(); ++size) {
    EXPECT_EQ(Count(AddProvenance(good.substr(0, size), Provenance::kEnlarged), kPartly), 1);
  }
}

TEST(Xmp, HostilePacketsTakeLinearTime) {
  std::string deep;
  for (int i = 0; i < 200000; ++i) deep += "<a>";
  std::string prefixes = "<a";
  for (int i = 0; i < 50000; ++i) {
    prefixes += " xmlns:p" + std::to_string(i) + "=\"http://ns.adobe.com/xap/1.0/\"";
  }
  const auto start = std::chrono::steady_clock::now();
  AddProvenance(deep, Provenance::kEnlarged);
  AddProvenance(prefixes + "/>", Provenance::kEnlarged);
  AddProvenance(std::string(2'000'000, '<'), Provenance::kEnlarged);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
}

}  // namespace
}  // namespace gan::core
