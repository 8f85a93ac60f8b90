/// A block as it would be drawn on paper: a box with its ports.
#pragma once

#include <string>

#include "vcengine/description.hpp"

namespace vcengine {

/// SVG, inputs on the left, outputs on the right. It has a background of its own, so that it is
/// read on light and dark pages alike. The same declaration gives the same bytes.
std::string block_picture(const BlockInfo& block);

/// The same in words, for who cannot see it: "vision.overlay takes image and over, sends overlaid".
std::string picture_in_words(const BlockInfo& block);

/// What is special about a port, in the words that stand in its picture: "latest", "optional" …
std::string port_marks(const PortInfo& port);

}  // namespace vcengine
