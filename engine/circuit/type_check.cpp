#include <map>
#include <optional>

#include "engine/circuit/draft.hpp"

namespace vcengine {
namespace {

/// A port's type as far as it is known; `fields` of a record.
struct KnownType {
  TypeName name;
  const std::vector<FieldInfo>* fields = nullptr;
};

/// The types of all outputs, those that pass on an input's type inferred over the circuit.
class OutputTypes {
 public:
  explicit OutputTypes(const Draft& draft) : draft_(draft) {
    for (std::size_t i = 0; i < draft.links.size(); ++i) {
      const auto& link = draft.links[i];
      // The first wire into an Inputs speaks for all of them; the others are checked against the
      // input.
      wire_into_.try_emplace(link.input, i);
      if (link.output->same_as.empty())
        types_[link.output] = {link.output->type, &link.output->fields};
    }
    infer();
  }

  const KnownType& of(const PortInfo* output) const { return types_.at(output); }

 private:
  void infer() {
    for (bool changed = true; changed;) {
      changed = false;
      for (std::size_t i = 0; i < draft_.links.size(); ++i) {
        const auto* output = draft_.links[i].output;
        if (types_.contains(output)) continue;
        if (auto type = forwarded(draft_.plan.wires[i].from_block, *output)) {
          types_[output] = *type;
          changed = true;
        }
      }
    }
    // What is left goes round in a circle through a Latest: any type may arrive there.
    for (const auto& link : draft_.links)
      types_.try_emplace(link.output, KnownType{"any", nullptr});
  }

  /// The type of the input that `output` passes on, if it is known by now.
  std::optional<KnownType> forwarded(std::size_t block, const PortInfo& output) const {
    for (const auto& input : draft_.plan.blocks[block].type.info.ports) {
      if (input.role == PortRole::out || input.name != output.same_as) continue;
      const auto wire = wire_into_.find(&input);
      if (wire == wire_into_.end()) return KnownType{input.type, &input.fields};
      const auto arriving = types_.find(draft_.links[wire->second].output);
      if (arriving == types_.end()) return std::nullopt;
      return narrower(arriving->second, input);
    }
    return KnownType{"any", nullptr};  // a block that names no input of its own
  }

  /// An "image" that arrives at an input for "image/bgr8" leaves it as what the input lets through.
  static KnownType narrower(const KnownType& arriving, const PortInfo& input) {
    const bool is_vague = arriving.name == "any" || input.type.starts_with(arriving.name + '/');
    return is_vague ? KnownType{input.type, &input.fields} : arriving;
  }

  const Draft& draft_;
  std::map<const PortInfo*, std::size_t> wire_into_;
  std::map<const PortInfo*, KnownType> types_;
};

/// What may help: a block between the two.
std::string hint(const TypeName& out, const TypeName& in) {
  if (out.starts_with("image") && in.starts_with("image"))
    return "; put a block between them that converts the picture";
  return "; wire it to an input for " + out + ", or put a block between them that makes " + in +
         " of it";
}

void check_link(Draft& draft, const Link& link, const KnownType& type) {
  const auto* spec = link.spec;
  const auto* input = link.input;
  const auto from = '\'' + spec->from.block + '.' + spec->from.port + '\'';
  const auto to = '\'' + spec->to.block + '.' + spec->to.port + '\'';
  if (!fits(type.name, input->type)) {
    draft.error(spec->to.place, from + " gives " + type.name + ", but " + to + " takes " +
                                    input->type + hint(type.name, input->type));
  } else if (type.name == input->type && type.fields != nullptr && *type.fields != input->fields) {
    draft.error(spec->to.place,
                from + " and " + to + " mean different things by " + type.name +
                    ": their fields differ; build both plugins from the same declaration");
  }
}

}  // namespace

void check_types(Draft& draft) {
  const OutputTypes types(draft);
  for (auto& link : draft.links) {
    const auto& type = types.of(link.output);
    check_link(draft, link, type);
    link.type = type.name;
  }
}

}  // namespace vcengine
