// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/profile/flame_graph.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace siena::frontends::profile {

namespace {
constexpr double kWidth = 1200, kMargin = 10, kRow = 17, kTop = 46, kBottom = 26, kLetter = 6.7;
constexpr double kNarrowest = 0.2; ///< a box that is narrower cannot be seen

struct Box {
  u64 count = 0;
  unsigned depth = 0; ///< the guest's; 0: of no guest
  std::map<std::string, std::unique_ptr<Box>> on_top;

  Box& above(const std::string& name, unsigned guest) {
    auto& box = on_top[name];
    if (!box) box = std::make_unique<Box>();
    box->depth = guest;
    return *box;
  }
};

/// Text of XML. Names come from guests: what is no letter of ASCII becomes a question mark.
std::string escaped(std::string_view text) {
  std::string to;
  for (const char c : text) {
    switch (c) {
    case '&': to += "&amp;"; break;
    case '<': to += "&lt;"; break;
    case '>': to += "&gt;"; break;
    case '"': to += "&quot;"; break;
    default: to += c >= ' ' && c < 0x7F ? c : '?';
    }
  }
  return to;
}

/// Every guest has its hue, every name a lightness that stays the same from picture to picture.
std::string colour(unsigned depth, std::string_view name) {
  constexpr unsigned kHues[] = {0, 28, 205, 130, 285};
  u32 hash = 2166136261u;
  for (const char c : name) hash = (hash ^ static_cast<u8>(c)) * 16777619u;
  const unsigned saturation = depth == 0 ? 0 : 80, lightness = 62 + hash % 17;
  return fmt::format(
      "hsl({},{}%,{}%)", kHues[std::min<std::size_t>(depth, std::size(kHues) - 1)], saturation, lightness);
}

std::size_t height(const Box& box) {
  std::size_t most = 0;
  for (const auto& [name, above] : box.on_top) most = std::max(most, height(*above));
  return most + 1;
}

struct Drawing {
  std::string svg;
  double total, base; ///< samples, and the lower edge of the lowest row

  double width(u64 count) const { return (kWidth - 2 * kMargin) * static_cast<double>(count) / total; }

  void draw(const Box& box, std::string_view name, double x, std::size_t level) {
    const double w = width(box.count);
    if (w < kNarrowest) return;
    const double y = base - kRow * static_cast<double>(level + 1);
    const auto letters = static_cast<std::size_t>(std::max(0.0, (w - 6) / kLetter));
    std::string shown;
    if (letters >= 3)
      shown = name.size() <= letters ? std::string{name} : std::string{name.substr(0, letters - 2)} + "..";
    svg += fmt::format("<g><title>{} ({} samples, {:.2f} %)</title>"
                       "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"{}\"/>",
                       escaped(name),
                       box.count,
                       100 * static_cast<double>(box.count) / total,
                       x,
                       y,
                       std::max(w - 0.3, 0.2),
                       kRow - 1,
                       colour(box.depth, name));
    if (!shown.empty()) svg += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\">{}</text>", x + 3, y + 12, escaped(shown));
    svg += "</g>\n";
    for (const auto& [above, next] : box.on_top) {
      draw(*next, above, x, level + 1);
      x += width(next->count);
    }
  }
};
} // namespace

std::string flame_graph(const Stacks& stacks, std::string_view title) {
  Box all;
  for (const auto& sampled : stacks.samples) {
    const Stack& stack = sampled.first;
    const u64 count = sampled.second;
    Box* box = &all;
    box->count += count;
    const auto climb = [&](const std::string& name) {
      box = &box->above(name, stack.depth);
      box->count += count;
    };
    climb(depth_text(stack.depth));
    climb(std::string{state_text(stack.problem_state)} + " state");
    for (const auto& frame : stack.frames) climb(frame);
  }
  const double rows = static_cast<double>(height(all)), picture = kTop + rows * kRow + kBottom;
  Drawing drawing{.svg = {}, .total = static_cast<double>(std::max<u64>(all.count, 1)), .base = picture - kBottom};
  drawing.svg = fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" "
                            "viewBox=\"0 0 {0} {1}\" font-family=\"monospace\" font-size=\"11\">\n"
                            "<title>{2}</title>\n"
                            "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n"
                            "<text x=\"{3}\" y=\"20\" font-size=\"15\">{2}</text>\n"
                            "<text x=\"{3}\" y=\"36\" fill=\"#555555\">{4} samples, one every {5} cycles</text>\n",
                            kWidth,
                            picture,
                            escaped(title),
                            kMargin,
                            all.count,
                            stacks.interval);
  if (all.count != 0) drawing.draw(all, "all", kMargin, 0);
  return drawing.svg + "</svg>\n";
}

} // namespace siena::frontends::profile
