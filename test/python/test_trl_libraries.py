"""The libraries that TRL hands an environment and its rows to: Transformers makes the tools, Datasets the rows."""

from __future__ import annotations

from typing import Any

import pytest
from oncall_gym import OncallToolEnv, incident_dataset
from test_trl_env import tools_of
from transformers.utils import get_json_schema

SCHEMAS: dict[str, Any] = {name: get_json_schema(tool)["function"] for name, tool in tools_of(OncallToolEnv()).items()}


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_tool_and_argument_is_described(name: str) -> None:
    schema = SCHEMAS[name]
    assert schema["name"] == name
    assert schema["description"].endswith(".")
    for argument, told in schema["parameters"]["properties"].items():
        assert told["description"].endswith("."), argument
        assert "type" in told, argument


def test_closed_lists_are_closed_and_optional_arguments_optional() -> None:
    resolve = SCHEMAS["resolve_incident"]["parameters"]
    assert resolve["required"] == ["service", "fault"]
    assert resolve["properties"]["service"]["enum"][-2:] == ["external", "none"]
    assert resolve["properties"]["fault"]["enum"][-1] == "no_fault"
    assert SCHEMAS["inspect_config"]["parameters"]["required"] == ["service"]
    assert set(SCHEMAS["update_config"]["parameters"]["properties"]["value"]["type"]) >= {"number", "boolean", "string"}


def test_a_dataset_starts_the_episodes_that_its_rows_name(url: str) -> None:
    dataset = incident_dataset("dev", seeds_per_task=2)
    assert len(dataset) == 16 and dataset.column_names == ["prompt", "split", "index", "seed"]
    env = OncallToolEnv()
    pages = [env.reset(**row) for row in dataset]
    assert len(set(pages)) == 16
    assert [env.reset(**row) for row in dataset] == pages
    assert dataset[0]["prompt"][-1]["content"].endswith("\n\n"), "TRL appends the page"
