// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/monitor/qmp_protocol.h"

#include "machine/cpu_model.h"
#include "tests/frontends/monitor/monitored_machine.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace siena::frontends::monitor {
namespace {
using nlohmann::json;
using ::testing::HasSubstr;
using testing::MonitoredMachine;

class QmpTest : public ::testing::Test {
 protected:
  /// The last line that comes back for this one.
  json raw(std::string_view line) {
    lines.clear();
    protocol.feed({reinterpret_cast<const u8*>(line.data()), line.size()});
    while (protocol.handle_next()) {
    }
    return lines.empty() ? json{} : json::parse(lines.back());
  }
  json ask(const std::string& command, const json& arguments = json::object()) {
    return raw(json{{"execute", command}, {"arguments", arguments}}.dump() + "\n");
  }
  /// Its class: "GenericError", or "" when there was none.
  static std::string error(const json& answer) { return answer.value("/error/class"_json_pointer, ""); }
  void negotiate() { ASSERT_EQ(ask("qmp_capabilities"), (json{{"return", json::object()}})); }

  MonitoredMachine monitored{2};
  std::vector<std::string> lines;
  QmpProtocol protocol{monitored.subject, [this](std::string_view line) { lines.emplace_back(line); }};
};

TEST_F(QmpTest, GreetsWithTheVersionAndItsPackage) {
  protocol.greet();
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_TRUE(lines[0].ends_with("}\r\n"));
  const json greeting = json::parse(lines[0]);
  EXPECT_EQ(greeting["/QMP/version/package"_json_pointer], "Siena 1.2.3");
  EXPECT_EQ(greeting["/QMP/capabilities"_json_pointer], json::array());
}

TEST_F(QmpTest, AnswersAreSpacedAsQemuSpacesThem) {
  monitored.configuration.name = "a:b,c\"d\\";
  negotiate();
  EXPECT_EQ(lines.back(), "{\"return\": {}}\r\n");
  raw("{'execute':'query-name','id':1}");
  EXPECT_EQ(lines.back(), "{\"return\": {\"name\": \"a:b,c\\\"d\\\\\"}, \"id\": 1}\r\n");
}

TEST_F(QmpTest, NothingWorksBeforeNegotiation) {
  EXPECT_EQ(error(ask("query-status")), "CommandNotFound");
  EXPECT_EQ(error(ask("qmp_capabilities", {{"enable", {"oob"}}})), "GenericError");
  EXPECT_EQ(error(ask("query-status")), "CommandNotFound");
  protocol.announce({.kind = Event::Kind::Stop});
  EXPECT_EQ(lines.size(), 1u); // the answer, no event
  negotiate();
  EXPECT_EQ(error(ask("qmp_capabilities")), "CommandNotFound");
  EXPECT_EQ(error(ask("query-status")), "");
}

TEST_F(QmpTest, EchoesTheIdWhateverItIs) {
  negotiate();
  for (const auto id : {"1", "null", "\"x\"", "{\"a\":[1,{}]}", "-1.5"}) {
    EXPECT_EQ(raw(fmt::format("{{\"execute\":\"query-name\",\"id\":{}}}\n", id))["id"], json::parse(id));
    EXPECT_EQ(raw(fmt::format("{{\"id\":{}}}\n", id))["id"], json::parse(id));
  }
  EXPECT_FALSE(ask("query-name").contains("id"));
}

TEST_F(QmpTest, CommandsReachTheMachineAndStatusFollows) {
  negotiate();
  EXPECT_EQ(ask("query-status")["return"], (json{{"status", "running"}, {"singlestep", false}, {"running", true}}));
  ask("stop");
  EXPECT_EQ(ask("query-status")["return"], (json{{"status", "paused"}, {"singlestep", false}, {"running", false}}));
  ask("cont");
  ask("system_reset");
  ask("system_powerdown");
  ask("quit");
  EXPECT_EQ(monitored.commands.did, "stop resume reset power_down quit ");
}

TEST_F(QmpTest, WhatHasEndedIsNotContinued) {
  negotiate();
  monitored.commands.state = RunState::ShutDown;
  EXPECT_EQ(error(ask("cont")), "GenericError");
  EXPECT_EQ(monitored.commands.did, "");
}

TEST_F(QmpTest, ParametersAreChecked) {
  negotiate();
  EXPECT_THAT(ask("stop", {{"now", true}}).dump(), HasSubstr("Parameter 'now' is unexpected"));
  EXPECT_THAT(ask("human-monitor-command").dump(), HasSubstr("Parameter 'command-line' is missing"));
  EXPECT_THAT(ask("human-monitor-command", {{"command-line", 5}}).dump(),
              HasSubstr("Invalid parameter type for 'command-line', expected: string"));
  for (const json& index : {json(7), json(-1), json(18446744073709551615u)})
    EXPECT_EQ(error(ask("human-monitor-command", {{"command-line", "stop"}, {"cpu-index", index}})), "GenericError");
  EXPECT_EQ(monitored.commands.did, "");
}

TEST_F(QmpTest, EnvelopesAreChecked) {
  negotiate();
  for (const auto wrong : {"5",
                           "[]",
                           "{}",
                           "{\"execute\":1}",
                           "{\"execute\":\"stop\",\"arguments\":[]}",
                           "{\"execute\":\"stop\",\"more\":1}",
                           "{\"exec-oob\":\"stop\"}",
                           "{\"execute\":\"stop\",}",
                           "{\"execute\":\"stop\"]",
                           "{\"execute\":\"st\xC3op\"}",
                           "{\"execute\":\"st\x01op\"}",
                           "{\"execute\" \"stop\"}",
                           "1e999999"})
    EXPECT_EQ(error(raw(std::string{wrong} + "\n")), "GenericError") << wrong;
  EXPECT_EQ(monitored.commands.did, "");
  EXPECT_EQ(error(ask("nothing")), "CommandNotFound");
  EXPECT_EQ(error(ask("device_add", {{"driver", "virtio-blk-ccw"}})), "CommandNotFound");
}

TEST_F(QmpTest, ListsTheCommandsThatThereAre) {
  negotiate();
  const auto has = [&](const json& answer, std::string_view name) {
    for (const auto& command : answer["return"])
      if (command["name"] == name) return true;
    return false;
  };
  EXPECT_TRUE(has(ask("query-commands"), "query-cpu-model-expansion"));
  EXPECT_FALSE(has(ask("query-commands"), "dump-guest-memory"));
  EXPECT_EQ(error(ask("dump-guest-memory", {{"paging", false}, {"protocol", "file:x"}})), "CommandNotFound");
}

TEST_F(QmpTest, DumpsWhereSomebodyCanDump) {
  std::string written;
  monitored.subject.dump_storage = [&](unsigned guest, const std::string& path) -> std::optional<std::string> {
    written = guest == 1 ? path : std::to_string(guest) + ":" + path;
    if (path == "/full") return "no space";
    return std::nullopt;
  };
  negotiate();
  EXPECT_EQ(error(ask("dump-guest-memory", {{"paging", false}, {"protocol", "file:/x"}})), "");
  EXPECT_EQ(written, "/x");
  EXPECT_EQ(error(ask("dump-guest-memory", {{"paging", false}, {"protocol", "file:/x"}, {"guest", 2}})), "");
  EXPECT_EQ(written, "2:/x");
  EXPECT_EQ(error(ask("dump-guest-memory", {{"paging", false}, {"protocol", "file:/x"}, {"guest", -2}})),
            "GenericError");
  EXPECT_THAT(ask("dump-guest-memory", {{"paging", false}, {"protocol", "file:/full"}}).dump(), HasSubstr("no space"));
  written.clear();
  EXPECT_EQ(error(ask("dump-guest-memory", {{"paging", false}, {"protocol", "fd:3"}})), "GenericError");
  EXPECT_EQ(error(ask("dump-guest-memory", {{"paging", true}, {"protocol", "file:/x"}})), "GenericError");
  EXPECT_EQ(error(ask("dump-guest-memory", {{"paging", false}, {"protocol", "file:/x"}, {"format", "kdump-zlib"}})),
            "GenericError");
  EXPECT_EQ(written, "");
}

TEST_F(QmpTest, HumanCommandsWorkOnTheCpuThatIsAskedFor) {
  negotiate();
  EXPECT_THAT(ask("human-monitor-command", {{"command-line", "info registers"}, {"cpu-index", 1}})["return"],
              HasSubstr("\r\nCPU#1\r\n"));
  EXPECT_THAT(ask("human-monitor-command", {{"command-line", "info registers"}})["return"], HasSubstr("\r\nCPU#0\r\n"));
}

TEST_F(QmpTest, EventsHaveTheirData) {
  negotiate();
  const auto event = [&](const Event& e) {
    protocol.announce(e);
    json text = json::parse(lines.back());
    EXPECT_GT(text["timestamp"]["seconds"], 1'000'000'000);
    EXPECT_LT(text["timestamp"]["microseconds"], 1'000'000);
    text.erase("timestamp");
    return text;
  };
  EXPECT_EQ(event({.kind = Event::Kind::Stop}), (json{{"event", "STOP"}}));
  EXPECT_EQ(event({.kind = Event::Kind::ShutDown, .guest = true, .reason = "guest-shutdown"}),
            (json{{"event", "SHUTDOWN"}, {"data", {{"guest", true}, {"reason", "guest-shutdown"}}}}));
  EXPECT_EQ(event({.kind = Event::Kind::GuestPanicked,
                   .reason = "disabled-wait",
                   .action = "pause",
                   .cpu = 1,
                   .psw_mask = 0x0002'0001'8000'0000,
                   .psw_address = 0xDEAD}),
            (json{{"event", "GUEST_PANICKED"},
                  {"data",
                   {{"action", "pause"},
                    {"info",
                     {{"type", "s390"},
                      {"core", 1},
                      {"psw-mask", 0x0002'0001'8000'0000},
                      {"psw-addr", 0xDEAD},
                      {"reason", "disabled-wait"}}}}}}));
}

TEST_F(QmpTest, DisksAreThoseOfTheConfiguration) {
  monitored.configuration.drives = {{.id = "d0", .file = "/nowhere", .read_only = true},
                                    {.id = "d1", .file = "/dev/null"}};
  monitored.configuration.devices = {{.driver = "sclpconsole", .properties = {}},
                                     {.driver = "virtio-blk-ccw", .properties = {{"drive", "d0"}}}};
  negotiate();
  const json disks = ask("query-block")["return"];
  ASSERT_EQ(disks.size(), 2u);
  EXPECT_EQ(disks[0]["qdev"], "/machine/peripheral-anon/device[1]/virtio-backend");
  EXPECT_EQ(disks[0]["inserted"]["ro"], true);
  EXPECT_EQ(disks[0]["inserted"]["image"]["virtual-size"], 0);
  EXPECT_FALSE(disks[1].contains("qdev"));
}

TEST_F(QmpTest, ExpandedModelsAreTheModels) {
  negotiate();
  for (const auto name : machine::cpu_model_names()) {
    const json model = {{"name", name}};
    for (const auto type : {"static", "full"}) {
      const json expanded = ask("query-cpu-model-expansion", {{"type", type}, {"model", model}})["return"]["model"];
      ASSERT_TRUE(expanded.is_object()) << name;
      EXPECT_TRUE(expanded["name"].get<std::string>().ends_with("-base"));
      EXPECT_EQ(ask("query-cpu-model-comparison", {{"modela", model}, {"modelb", expanded}})["return"]["result"],
                "identical")
          << name;
      EXPECT_EQ(ask("query-cpu-model-baseline", {{"modela", model}, {"modelb", expanded}})["return"]["model"].value(
                    "props", json::object()),
                ask("query-cpu-model-baseline", {{"modela", model}, {"modelb", model}})["return"]["model"].value(
                    "props", json::object()))
          << name;
    }
  }
}

TEST_F(QmpTest, ABaselineIsASubsetOfBoth) {
  negotiate();
  const auto names = machine::cpu_model_names();
  for (std::size_t i = 0; i < names.size(); ++i) {
    const json a = {{"name", names[i]}}, b = {{"name", names[names.size() - 1 - i]}, {"props", {{"edat", true}}}};
    const json met = ask("query-cpu-model-baseline", {{"modela", a}, {"modelb", b}})["return"]["model"];
    for (const auto& one : {a, b})
      EXPECT_THAT(ask("query-cpu-model-comparison", {{"modela", met}, {"modelb", one}})["return"]["result"],
                  ::testing::AnyOf("subset", "identical"))
          << met << one;
  }
}

TEST_F(QmpTest, ModelsThatNobodyKnowsAreRefused) {
  negotiate();
  const auto expand = [&](const json& model) {
    return error(ask("query-cpu-model-expansion", {{"type", "full"}, {"model", model}}));
  };
  EXPECT_EQ(expand({{"name", "z99"}}), "GenericError");
  EXPECT_EQ(expand({{"name", "z13"}, {"props", {{"wings", true}}}}), "GenericError");
  EXPECT_EQ(expand({{"name", "z13"}, {"props", {{"edat", 1}}}}), "GenericError");
  EXPECT_EQ(expand({{"name", "z13"}, {"props", 1}}), "GenericError");
  EXPECT_EQ(expand({{"name", ""}}), "GenericError");
  EXPECT_EQ(expand(json::object()), "GenericError");
}

} // namespace
} // namespace siena::frontends::monitor
