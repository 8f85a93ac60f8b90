#include <string>

#include "engine/catalog/describe_plugin.hpp"
#include "engine/conformance/checks.hpp"

namespace vcengine {

void check_description(const Subject& subject, Findings& findings) {
  const auto& request = subject.request;
  if (describe_plugin(request.plugin, request.type, request.settings) != subject.info) {
    findings.fail(
        "describes itself differently the second time: ports and settings may depend on "
        "settings only");
  }
  if (subject.info.doc.empty()) findings.note("the type has no description");
  for (const auto& port : subject.info.ports) {
    if (port.doc.empty()) {
      findings.note((port.role == PortRole::out ? "output '" : "input '") + port.name +
                    "' has no description");
    }
  }
  for (const auto& param : subject.info.params) {
    if (param.doc.empty()) findings.note("setting '" + param.name + "' has no description");
  }
}

}  // namespace vcengine
