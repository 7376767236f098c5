// SPDX-License-Identifier: BSD-3-Clause
// QMP's commands about CPU models, as management tools ask them before they choose one. A model here is what it says it is: what this
// machine lacks of the real one is not in it.
#include "frontends/monitor/qmp_command.h"
#include "machine/cpu_model.h"

#include <fmt/format.h>

#include <algorithm>

namespace siena::frontends::monitor {

namespace {
using machine::CpuIdentity;

struct Model {
  std::string name;
  CpuIdentity identity;
  unsigned generation = 0;
};

constexpr Parameter kModelMembers[] = {{"name", ParameterType::String}, {"props", ParameterType::Object, true}};

/// The model that a *CpuModelInfo* describes.
Result<Model, QmpError> read_model(const Json& info) {
  if (auto error = check_members(info, kModelMembers)) return *error;
  machine::CpuModel model{.name = info["name"].get<std::string>(), .features = {}};
  const auto generation = machine::cpu_generation(model.name);
  if (!generation) return QmpError{fmt::format("The CPU definition '{}' is unknown.", model.name)};
  const auto known = machine::cpu_feature_names();
  const Json properties = info.value("props", Json::object());
  for (const auto& [name, value] : properties.items()) {
    if (!value.is_boolean()) return QmpError{fmt::format("Invalid parameter type for '{}', expected: boolean", name)};
    const bool on = value.get<bool>();
    if (on && std::find(known.begin(), known.end(), name) == known.end())
      return QmpError{fmt::format("Property '{}-s390x-cpu.{}' not found", model.name, name)};
    model.features.push_back({.name = name, .on = on});
  }
  const auto identity = machine::resolve_cpu_model(model);
  if (!identity) return QmpError{identity.error().message};
  return Model{model.name, identity.value(), generation->number};
}

/// The -base model that a model is described by.
std::string base_of(const Model& model) {
  if (model.name.ends_with("-base")) return model.name;
  const bool named_by_generation = model.name == "max" || model.name == "qemu";
  return (named_by_generation ? std::string{machine::cpu_generation(model.name)->name} : model.name) + "-base";
}

CpuIdentity base_identity(const std::string& base) {
  return machine::resolve_cpu_model({.name = base, .features = {}}).value();
}

/// `base` and what `identity` has more or less than it.
Json described_by(const std::string& base, const CpuIdentity& identity) {
  const CpuIdentity of_base = base_identity(base);
  Json properties = Json::object();
  for (const auto name : machine::cpu_feature_names())
    if (const bool on = cpu_feature(identity, name); on != cpu_feature(of_base, name))
      properties[std::string{name}] = on;
  Json model = {{"name", base}};
  if (!properties.empty()) model["props"] = properties;
  return model;
}

Answer expand(const Subject&, const Json& arguments) {
  const std::string type = arguments["type"].get<std::string>();
  if (type != "static" && type != "full")
    return QmpError{fmt::format("Parameter 'type' does not accept value '{}'", type)};
  const auto model = read_model(arguments["model"]);
  if (!model) return model.error();
  const std::string base = base_of(model.value());
  if (type == "static") return Json{{"model", described_by(base, model.value().identity)}};
  Json properties = Json::object();
  for (const auto name : machine::cpu_feature_names())
    properties[std::string{name}] = cpu_feature(model.value().identity, name);
  return Json{{"model", {{"name", base}, {"props", properties}}}};
}

enum class Relation : u8 { Identical, Superset, Subset, Incompatible };

Relation relation(bool first_has_more, bool second_has_more) {
  if (first_has_more && second_has_more) return Relation::Incompatible;
  return first_has_more ? Relation::Superset : second_has_more ? Relation::Subset : Relation::Identical;
}

Answer compare(const Subject&, const Json& arguments) {
  const auto a = read_model(arguments["modela"]), b = read_model(arguments["modelb"]);
  if (!a) return a.error();
  if (!b) return b.error();
  bool a_has_more = false, b_has_more = false;
  Json responsible = Json::array();
  for (const auto name : machine::cpu_feature_names()) {
    const bool in_a = cpu_feature(a.value().identity, name), in_b = cpu_feature(b.value().identity, name);
    a_has_more |= in_a && !in_b;
    b_has_more |= in_b && !in_a;
    if (in_a != in_b) responsible.push_back(name);
  }
  a_has_more |= a.value().generation > b.value().generation;
  b_has_more |= b.value().generation > a.value().generation;
  if (a.value().generation != b.value().generation) responsible.push_back("type");
  static constexpr std::string_view kNames[] = {"identical", "superset", "subset", "incompatible"};
  return Json{{"result", kNames[static_cast<u8>(relation(a_has_more, b_has_more))]},
              {"responsible-properties", responsible}};
}

/// The newest -base model that is not newer than both and has nothing that one of them lacks, with what both have besides.
Answer baseline(const Subject&, const Json& arguments) {
  const auto a = read_model(arguments["modela"]), b = read_model(arguments["modelb"]);
  if (!a) return a.error();
  if (!b) return b.error();
  const auto names = machine::cpu_feature_names();
  const auto in_both = [&](std::string_view name) {
    return cpu_feature(a.value().identity, name) && cpu_feature(b.value().identity, name);
  };
  const auto generations = machine::cpu_generations();
  for (auto g = generations.rbegin(); g != generations.rend(); ++g) {
    if (g->number > std::min(a.value().generation, b.value().generation)) continue;
    const std::string base = std::string{g->name} + "-base";
    CpuIdentity identity = base_identity(base);
    if (!std::all_of(names.begin(), names.end(), [&](auto n) { return !cpu_feature(identity, n) || in_both(n); }))
      continue;
    machine::CpuModel model{.name = base, .features = {}};
    for (const auto name : names) model.features.push_back({.name = std::string{name}, .on = in_both(name)});
    return Json{{"model", described_by(base, machine::resolve_cpu_model(model).value())}};
  }
  return QmpError{"No compatible CPU model could be created"};
}

Answer definitions(const Subject&, const Json&) {
  Json all = Json::array();
  for (const auto name : machine::cpu_model_names())
    for (const bool base : {false, true}) {
      const std::string full = std::string{name} + (base ? "-base" : "");
      all.push_back({{"name", full},
                     {"typename", full + "-s390x-cpu"},
                     {"unavailable-features", Json::array()},
                     {"static", base},
                     {"migration-safe", name != "max"},
                     {"deprecated", false}});
    }
  return all;
}
} // namespace

std::span<const QmpCommand> cpu_model_commands() {
  static const Parameter kModelA{"modela", ParameterType::Object}, kModelB{"modelb", ParameterType::Object};
  static const QmpCommand kCommands[] = {
      {"query-cpu-definitions", {}, definitions},
      {"query-cpu-model-expansion", {{"type", ParameterType::String}, {"model", ParameterType::Object}}, expand},
      {"query-cpu-model-comparison", {kModelA, kModelB}, compare},
      {"query-cpu-model-baseline", {kModelA, kModelB}, baseline},
  };
  return kCommands;
}

} // namespace siena::frontends::monitor
