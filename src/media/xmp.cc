#include "media/xmp.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/log.h"

namespace gan::core {
namespace {

constexpr std::string_view kRdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
constexpr std::string_view kIptc = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/";
constexpr std::string_view kXmp = "http://ns.adobe.com/xap/1.0/";
constexpr std::string_view kSourceTypes = "http://cv.iptc.org/newscodes/digitalsourcetype/";
constexpr std::string_view kWhollyMade = "trainedAlgorithmicMedia";
constexpr std::string_view kPartlyMade = "compositeWithTrainedAlgorithmicMedia";

struct Attribute {
  std::string_view name;
  std::string_view value;  // as written, without its quotes
  size_t begin = 0;        // where the name starts in the packet
  size_t end = 0;          // past the closing quote
};

struct Tag {
  enum class Kind { kOpen, kClose, kEmpty } kind = Kind::kOpen;
  std::string_view name;
  std::vector<Attribute> attributes;
  size_t begin = 0;
  size_t end = 0;
};

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// Cuts a packet into tags. Text, comments, processing instructions and CDATA are passed over.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  // The next tag; nothing at the end, or where the packet is no XML (see failed()).
  std::optional<Tag> Next() {
    while (!failed_) {
      const size_t open = text_.find('<', at_);
      if (open == std::string_view::npos) return std::nullopt;
      at_ = open;
      if (!SkipPast("<!--", "-->") && !SkipPast("<![CDATA[", "]]>") && !SkipPast("<?", "?>") &&
          !SkipPast("<!", ">")) {
        return ReadTag();
      }
    }
    return std::nullopt;
  }

  bool failed() const { return failed_; }

 private:
  bool SkipPast(std::string_view start, std::string_view stop) {
    if (!text_.substr(at_).starts_with(start)) return false;
    const size_t end = text_.find(stop, at_ + start.size());
    failed_ = end == std::string_view::npos;
    at_ = failed_ ? text_.size() : end + stop.size();
    return true;
  }

  std::optional<Tag> Broken() {
    failed_ = true;
    return std::nullopt;
  }

  char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  void SkipSpace() {
    while (IsSpace(Peek())) ++at_;
  }

  std::string_view ReadName() {
    const size_t begin = at_;
    while (at_ < text_.size() && !IsSpace(Peek()) &&
           std::string_view("=/<>\"'").find(Peek()) == std::string_view::npos) {
      ++at_;
    }
    return text_.substr(begin, at_ - begin);
  }

  std::optional<Tag> ReadTag() {
    Tag tag;
    tag.begin = at_++;
    if (Peek() == '/') {
      tag.kind = Tag::Kind::kClose;
      ++at_;
    }
    tag.name = ReadName();
    if (tag.name.empty()) return Broken();
    while (true) {
      SkipSpace();
      if (text_.substr(at_).starts_with("/>") && tag.kind == Tag::Kind::kOpen) {
        tag.kind = Tag::Kind::kEmpty;
        ++at_;
      }
      if (Peek() == '>') {
        tag.end = ++at_;
        return tag;
      }
      if (!ReadAttribute(tag)) return Broken();
    }
  }

  bool ReadAttribute(Tag& tag) {
    Attribute attribute;
    attribute.begin = at_;
    attribute.name = ReadName();
    SkipSpace();
    if (attribute.name.empty() || Peek() != '=') return false;
    ++at_;
    SkipSpace();
    const char quote = Peek();
    if (quote != '"' && quote != '\'') return false;
    const size_t close = text_.find(quote, at_ + 1);
    if (close == std::string_view::npos) return false;
    attribute.value = text_.substr(at_ + 1, close - at_ - 1);
    at_ = attribute.end = close + 1;
    tag.attributes.push_back(attribute);
    return true;
  }

  std::string_view text_;
  size_t at_ = 0;
  bool failed_ = false;
};

// What a packet says that matters here, and where.
struct Findings {
  std::string_view rdf_name;                          // as written, "rdf:RDF"
  size_t insert_at = 0;                               // before its closing tag
  bool rdf_empty = false;                             // <rdf:RDF/>: insert_at is where its "/>" is
  std::string about = "\"\"";                         // of the packet's subject, quoted
  std::vector<std::pair<size_t, size_t>> superseded;  // [begin, end) of old source types
  bool wholly_made = false;
  bool has_creator_tool = false;
};

// Walks a packet once. Names are resolved by the prefixes bound so far: an XMP packet binds a
// prefix on the element that uses it or above.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text), scanner_(text) {}

  // Nothing when the packet is no XMP.
  std::optional<Findings> Read() {
    while (const std::optional<Tag> tag = scanner_.Next()) {
      if (tag->kind == Tag::Kind::kClose) {
        if (!Close(*tag)) return std::nullopt;
      } else {
        Open(*tag);
      }
    }
    const bool whole = !scanner_.failed() && open_.empty() && !findings_.rdf_name.empty();
    return whole ? std::optional(findings_) : std::nullopt;
  }

 private:
  bool Is(std::string_view name, std::string_view space, std::string_view local) const {
    const size_t colon = name.find(':');
    if (colon == std::string_view::npos || name.substr(colon + 1) != local) return false;
    const std::pair wanted(name.substr(0, colon), space);
    return std::find(prefixes_.begin(), prefixes_.end(), wanted) != prefixes_.end();
  }

  void Bind(const Tag& tag) {
    for (const Attribute& attribute : tag.attributes) {
      // Only the namespaces asked for, each prefix once: the list stays short.
      if (!attribute.name.starts_with("xmlns:")) continue;
      if (attribute.value != kRdf && attribute.value != kIptc && attribute.value != kXmp) continue;
      const std::pair binding(attribute.name.substr(6), attribute.value);
      if (prefixes_.size() < 16 &&
          std::find(prefixes_.begin(), prefixes_.end(), binding) == prefixes_.end()) {
        prefixes_.push_back(binding);
      }
    }
  }

  void Open(const Tag& tag) {
    Bind(tag);
    const bool empty = tag.kind == Tag::Kind::kEmpty;
    if (findings_.rdf_name.empty() && Is(tag.name, kRdf, "RDF")) {
      findings_.rdf_name = tag.name;
      findings_.rdf_empty = empty;
      if (empty) findings_.insert_at = tag.end - 2;
      rdf_depth_ = open_.size();
      inside_rdf_ = !empty;
    } else if (inside_rdf_ && open_.size() == rdf_depth_ + 1) {
      Describe(tag);
    } else if (inside_rdf_ && open_.size() == rdf_depth_ + 2) {
      Property(tag);
    }
    if (!empty) open_.push_back(tag.name);
  }

  // A description of the picture: properties may be attributes of it.
  void Describe(const Tag& tag) {
    for (const Attribute& attribute : tag.attributes) {
      if (Is(attribute.name, kRdf, "about") && findings_.about == "\"\"") {
        const char quote = text_[attribute.end - 1];
        findings_.about = quote + std::string(attribute.value) + quote;
      }
      if (Is(attribute.name, kXmp, "CreatorTool")) findings_.has_creator_tool = true;
      if (Is(attribute.name, kIptc, "DigitalSourceType")) {
        NoteSourceType(attribute.value);
        findings_.superseded.emplace_back(attribute.begin, attribute.end);
      }
    }
  }

  // A property as an element of its own.
  void Property(const Tag& tag) {
    if (Is(tag.name, kXmp, "CreatorTool")) findings_.has_creator_tool = true;
    if (!Is(tag.name, kIptc, "DigitalSourceType")) return;
    for (const Attribute& attribute : tag.attributes) NoteSourceType(attribute.value);
    if (tag.kind == Tag::Kind::kEmpty) {
      findings_.superseded.emplace_back(tag.begin, tag.end);
    } else {
      source_type_ = tag;
    }
  }

  bool Close(const Tag& tag) {
    if (open_.empty() || open_.back() != tag.name) return false;
    open_.pop_back();
    if (inside_rdf_ && open_.size() == rdf_depth_) {
      findings_.insert_at = tag.begin;
      inside_rdf_ = false;
    }
    if (source_type_ && open_.size() == rdf_depth_ + 2) {
      NoteSourceType(text_.substr(source_type_->end, tag.begin - source_type_->end));
      findings_.superseded.emplace_back(source_type_->begin, tag.end);
      source_type_.reset();
    }
    return true;
  }

  void NoteSourceType(std::string_view value) {
    // The vocabulary's name may be followed by white space where it is an element's text.
    findings_.wholly_made |= value.find(fmt::format("/{}", kWhollyMade)) != std::string_view::npos;
  }

  std::string_view text_;
  Scanner scanner_;
  Findings findings_;
  std::vector<std::pair<std::string_view, std::string_view>> prefixes_;  // and their namespaces
  std::vector<std::string_view> open_;
  size_t rdf_depth_ = 0;
  bool inside_rdf_ = false;
  std::optional<Tag> source_type_;  // while inside it
};

std::string Description(const Findings& findings, Provenance provenance) {
  const bool wholly = provenance == Provenance::kSampled || findings.wholly_made;
  // Prefixes are bound right here, so those of the packet do not matter.
  std::string text =
      fmt::format("<rdf:Description xmlns:rdf=\"{}\" rdf:about={} xmlns:Iptc4xmpExt=\"{}\"", kRdf,
                  findings.about, kIptc);
  if (!findings.has_creator_tool) {
    text += fmt::format(" xmlns:xmp=\"{}\" xmp:CreatorTool=\"gan.cpp {}\"", kXmp, GAN_VERSION);
  }
  return text + fmt::format(" Iptc4xmpExt:DigitalSourceType=\"{}{}\"/>\n", kSourceTypes,
                            wholly ? kWhollyMade : kPartlyMade);
}

std::string NewPacket(Provenance provenance) {
  return fmt::format(
      "<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
      "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n<rdf:RDF xmlns:rdf=\"{}\">\n"
      "{}</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"w\"?>",
      kRdf, Description(Findings(), provenance));
}

std::string Merge(std::string_view packet, const Findings& findings, Provenance provenance) {
  std::string merged;
  size_t at = 0;
  const auto copy_until = [&](size_t end) {
    merged += packet.substr(at, end - at);
    at = end;
  };
  for (const auto& [begin, end] : findings.superseded) {
    copy_until(begin);
    at = end;
  }
  copy_until(findings.insert_at);
  const std::string description = Description(findings, provenance);
  if (findings.rdf_empty) {
    merged += fmt::format(">\n{}</{}>", description, findings.rdf_name);
    at += 2;
  } else {
    merged += description;
  }
  copy_until(packet.size());
  return merged;
}

}  // namespace

std::string AddProvenance(std::string_view packet, Provenance provenance) {
  GAN_ASSERT(provenance != Provenance::kNone);
  while (!packet.empty() && packet.back() == '\0') packet.remove_suffix(1);
  if (packet.empty()) return NewPacket(provenance);
  // A zero byte means UTF-16 or worse.
  const bool text = packet.find('\0') == std::string_view::npos;
  const std::optional<Findings> findings = text ? Reader(packet).Read() : std::nullopt;
  if (!findings) {
    Log().warn("the picture's XMP cannot be understood; a new one takes its place");
    return NewPacket(provenance);
  }
  return Merge(packet, *findings, provenance);
}

}  // namespace gan::core
